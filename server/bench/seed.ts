/**
 * Fills the demo tenant of a stopped server: users by one statement per table, made inside the database because a million
 * calls would take the better part of an hour, then hardware tokens by the store itself, with truly sealed seeds.
 * The rows are those that the server writes; `bench.ts` notices when they are not, because every answer must be 200.
 */
import { createRequire } from 'node:module'
import type pg from 'pg'
import type { Query } from '#domain/ports/store.ts'
import { openGround } from '#ground.ts'
import { readSettings, type Settings } from '#settings/read.ts'
import { sql } from '#storage/sql.ts'
import { openDatabase } from '#storage/sqlite/open-database.ts'
import { BENCH_USER_SQL, benchSeed, benchUser } from './bench-users.ts'
import { environmentOf, type Place, TENANT } from './our-server.ts'
import { seedPasskeys } from './seed-passkeys.ts'
import { seedPhones } from './seed-phones.ts'
import { seedSignIn } from './seed-sign-in.ts'

export interface Seeding {
  readonly users: number
  /** The first so many users get a HOTP token. */
  readonly holders: number
  /** The users behind them get phones, as many as there are for each algorithm. */
  readonly phones: boolean
  /** Clients that sign people in, and their workflow. */
  readonly signIn: boolean
  /** A passkey for each holder. */
  readonly passkeys: boolean
}

interface Start {
  readonly tenant: number
  /** The number before the first free one. */
  readonly base: number
}

interface Bulk {
  rows(text: string): Promise<readonly Record<string, unknown>[]>
  /** Does what the engine would do by itself within minutes (checkpoint, vacuum, statistics), and lets go. */
  end(): Promise<void>
}

export async function seed(place: Place, seeding: Seeding): Promise<void> {
  const { settings } = readSettings(environmentOf(place))
  if (!settings) throw new Error('the settings of the bench are not readable')
  const bulk =
    settings.database.engine === 'sqlite' ? sqliteBulk(settings.database.path) : await postgresBulk(place.database)
  const [row] = await bulk.rows(`select tenant_number as tenant, next_id as next from tenant where name = '${TENANT}'`)
  const start = { tenant: Number(row?.tenant), base: Number(row?.next) - 1 }
  for (const text of userStatements(start, seeding, Date.now())) await bulk.rows(text)
  await giveTokens(settings, start, seeding)
  if (seeding.phones) await seedPhones(settings, { ...start, skip: seeding.holders })
  if (seeding.passkeys) await seedPasskeys(settings, { ...start, holders: seeding.holders })
  if (seeding.signIn) await seedSignIn(settings)
  await bulk.end()
}

function userStatements({ tenant, base }: Start, { users, holders }: Seeding, now_ms: number): readonly string[] {
  const numbers = `with recursive n(i) as (select cast(1 as bigint) union all select i + 1 from n where i < ${users})`
  const named = `(select i, ${BENCH_USER_SQL} as name from n) x`
  const counter = (noun: string, total: number) =>
    `insert into tenant_counter (tenant_number, noun, total) values (${tenant}, '${noun}', ${total})
     on conflict (tenant_number, noun) do update set total = tenant_counter.total + excluded.total`
  return [
    `insert into user_account (tenant_number, id, external_id, external_id_key, user_name, user_name_key, group_code, active,
       family_name, given_name, title, created_at, version)
     ${numbers} select ${tenant}, ${base} + i, name, name, name, name, 'UG_ROOT', 1, 'Bench', 'User', null, ${now_ms}, 1 from ${named}`,
    `insert into login_name (tenant_number, name_key, user_id) ${numbers} select ${tenant}, name, ${base} + i from ${named}`,
    `insert into user_state (tenant_number, user_id, started, forgiven, last_attempt_at)
     ${numbers} select ${tenant}, ${base} + i, 0, 0, null from n`,
    `update tenant set next_id = next_id + ${users + 2 * holders} where tenant_number = ${tenant}`,
    counter('user', users),
    counter('device', holders),
    counter('credential', holders),
    counter('authenticator', holders),
  ]
}

const AT_ONCE = 25

async function giveTokens(settings: Settings, { tenant, base }: Start, { users, holders }: Seeding): Promise<void> {
  const ground = await openGround(settings, silent)
  try {
    const sealer = await ground.keyRing.loadSealer(tenant)
    for (let from = 1; from <= holders; from += AT_ONCE) {
      const queries: Query[] = []
      for (let n = from; n < from + AT_ONCE && n <= holders; n++) {
        const device = base + users + n
        const credential = device + holders
        const secret = sealer.seal({ table: 'credential', column: 'secret', row: String(credential) }, benchSeed(n))
        queries.push(
          ...tokenRows({
            tenant,
            user: base + n,
            serial: benchUser(n),
            device,
            credential,
            secret,
            now_ms: Date.now(),
          }),
        )
      }
      await ground.store.write(tenant, function* () {
        yield queries
      })
    }
  } finally {
    await ground.close()
  }
}

function tokenRows(t: {
  tenant: number
  user: number
  serial: string
  device: number
  credential: number
  secret: Uint8Array
  now_ms: number
}): readonly Query[] {
  return [
    sql`insert into device (tenant_number, id, external_id, external_id_key, type, owner_id, status, start_at, created_at, version)
      values (${t.tenant}, ${t.device}, ${t.serial}, ${t.serial}, ${'DT_POCK_OE'}, ${t.user}, ${'ACTIVE'}, ${t.now_ms}, ${t.now_ms}, 1)`,
    sql`insert into credential (tenant_number, id, device_id, external_id, external_id_key, type, status, start_at, settings,
        secret, created_at, version)
      values (${t.tenant}, ${t.credential}, ${t.device}, ${t.serial}, ${t.serial}, ${'CT_AIOE'}, ${'ACTIVE'}, ${t.now_ms}, ${'{}'},
        ${t.secret}, ${t.now_ms}, 1)`,
    sql`insert into credential_state (tenant_number, id, next, drift, version) values (${t.tenant}, ${t.credential}, 0, 0, 1)`,
    sql`insert into authenticator (tenant_number, user_id, policy, status, start_at, created_at, version)
      values (${t.tenant}, ${t.user}, ${'AT_OTP'}, ${'ENABLED'}, ${t.now_ms}, ${t.now_ms}, 1)`,
    sql`insert into authenticator_state (tenant_number, user_id, policy, started, forgiven, consecutive_success, total_failed,
        total_success, challenge_count)
      values (${t.tenant}, ${t.user}, ${'AT_OTP'}, 0, 0, 0, 0, 0, 0)`,
  ]
}

function sqliteBulk(path: string): Bulk {
  const database = openDatabase(path, { timeout: 5000 })
  database.exec('pragma synchronous = off; pragma cache_size = -1048576')
  return {
    rows: async text => database.prepare(text).all() as Record<string, unknown>[],
    async end() {
      database.exec('pragma wal_checkpoint(truncate)')
      database.close()
    },
  }
}

async function postgresBulk(url: string): Promise<Bulk> {
  const { Client } = createRequire(import.meta.url)('pg') as typeof pg
  const client = new Client({ connectionString: url })
  await client.connect()
  return {
    rows: async text => (await client.query(text)).rows,
    async end() {
      await client.query('vacuum analyze')
      await client.query('checkpoint')
      await client.end()
    },
  }
}

const silent = { info() {}, warn() {}, error() {} }
