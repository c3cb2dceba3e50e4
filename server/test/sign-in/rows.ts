/**
 * All that a login and its person have in the store, taken away and put back: a test tries one call after another from the same state,
 * and compares the row of `login` byte for byte. Straight at the tables, which no API does.
 */
import { createHash } from 'node:crypto'
import { type Query, together } from '#domain/ports/store.ts'
import type { World } from '../world.ts'

export const TENANT = 1

type Row = Readonly<Record<string, unknown>>

const ofPerson = [
  ...['authenticator', 'authenticator_state', 'password', 'user_state', 'consent', 'oob_code', 'recovery'],
  ...['approval', 'session', 'initiator_pause'],
]

export interface Kept {
  readonly login: Row
  readonly rows: readonly (readonly [table: string, row: Row])[]
}

export interface Whose {
  readonly login: number
  readonly user: number
  readonly credentials: readonly number[]
}

export function query<T = Row>(text: string, ...values: readonly unknown[]): Query<T> {
  return { name: `t_${createHash('sha256').update(text).digest('hex').slice(0, 12)}`, text, values }
}

export const ask = async <T = Row>(world: World, text: string, ...values: readonly unknown[]): Promise<readonly T[]> =>
  (await world.ground.store.write(TENANT, () => together(query<T>(text, ...values))))[0]

export async function loginRow(world: World, login: number): Promise<Row> {
  const [row] = await ask(world, 'select * from login where tenant_number = ?1 and id = ?2', TENANT, login)
  if (!row) throw new Error('the login is gone')
  return { ...row }
}

/** Equal for equal rows, whatever the engine hands out for bytes. */
export const plain = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value,
    ]),
  )

const placed = ({ login, user, credentials }: Whose): readonly (readonly [string, string, number])[] => [
  ['login_try', 'login_id', login],
  ...ofPerson.map(table => [table, 'user_id', user] as const),
  ...credentials.map(id => ['credential_state', 'id', id] as const),
]

export async function keep(world: World, whose: Whose): Promise<Kept> {
  const rows: (readonly [string, Row])[] = []
  for (const [table, column, id] of placed(whose)) {
    const found = await ask(world, `select * from ${table} where tenant_number = ?1 and ${column} = ?2`, TENANT, id)
    rows.push(...found.map(row => [table, { ...row }] as const))
  }
  return { login: await loginRow(world, whose.login), rows }
}

/** One unit. What was spent of budgets is given back, too. */
export async function putBack(world: World, whose: Whose, { login, rows }: Kept): Promise<void> {
  const emptied = [...placed(whose), ['login', 'id', whose.login] as const].map(([table, column, id]) =>
    query(`delete from ${table} where tenant_number = ?1 and ${column} = ?2`, TENANT, id),
  )
  const filled = [...rows, ['login', login] as const].map(([table, row]) => {
    const columns = Object.keys(row)
    const places = columns.map((_, n) => `?${n + 1}`)
    return query(`insert into ${table} (${columns.join(', ')}) values (${places.join(', ')})`, ...Object.values(row))
  })
  await world.ground.store.write(TENANT, function* () {
    yield [...emptied, query('delete from budget where tenant_number = ?1', TENANT), ...filled]
  })
}

/** The row's id of a `request_uri`. */
export function loginIdOf(world: World, requestUri: string): number {
  const read = world.ground.handleKeys.handles.read('request_uri', requestUri)
  if (!read) throw new Error('no request_uri')
  return read.rowId
}
