import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { rowsOf, type Store, together } from '#domain/ports/store.ts'
import type {
  Column,
  ColumnName,
  ColumnOperator,
  Condition,
  FoundRow,
  SearchPlan,
  SearchResource,
} from '#domain/search.ts'
import { nameKey } from '#domain/user.ts'
import { searchSql } from '#storage/filter-sql.ts'
import { sql } from '#storage/sql.ts'
import { engines, type FreshStore } from '../../test/fresh-store.ts'

const TENANT = 1
const NEIGHBOUR = 2
const byId = { column: { name: 'id' }, descending: false } as const
const is = (
  name: ColumnName,
  operator: ColumnOperator,
  value: string | number | boolean,
  code?: string,
): Condition => ({
  kind: 'compare',
  column: code === undefined ? { name } : { name, code },
  operator,
  value,
})

describe('S1: the text of a query never holds what was asked for', () => {
  const evil = `x' or 1=1; drop table user_account; --"\\ %_`
  const conditions: readonly (readonly [SearchResource, Condition])[] = [
    ...(['eq', 'co', 'sw', 'ew', 'gt', 'le'] as const).map(op => ['User', is('userName', op, evil)] as const),
    ['User', is('familyName', 'co', evil)],
    ['User', is('role', 'eq', evil)],
    ['User', is('attribute', 'sw', evil, evil)],
    ['Device', is('ownerExternalId', 'eq', evil)],
    ['Authenticator', is('policy', 'ew', evil)],
    ['Credential', is('type', 'eq', evil)],
  ]
  test.each(conditions)('%s %j', (resource, where) => {
    for (const query of Object.values(searchSql(resource, TENANT, { where, sort: byId, offset: 3, count: 7 }))) {
      expect(query.text).not.toMatch(/drop|or 1=1|--|%_/)
      expect(query.text).not.toMatch(/\blike\b/)
      expect(query.name).toMatch(/^c_/)
    }
  })

  test('S1: the same question with other values is the same statement', () => {
    const ask = (value: string) =>
      searchSql('User', TENANT, { where: is('userName', 'sw', value), sort: byId, offset: 0, count: 9 })
    expect(ask('a').rows.text).toBe(ask('bb').rows.text)
    expect(ask('a').rows.name).toBe(ask('bb').rows.name)
  })

  test('S1: as deep and as long as a filter may be', () => {
    let deep: Condition = is('attribute', 'ew', 'x', 'ATR_MOBILE')
    for (let n = 0; n < 64; n++) deep = { kind: 'not', part: { kind: n % 2 === 0 ? 'and' : 'or', parts: [deep] } }
    const long: Condition = {
      kind: 'and',
      parts: Array.from({ length: 199 }, () => is('attribute', 'ew', 'x', 'ATR_MOBILE')),
    }
    const { rows } = searchSql('User', TENANT, {
      where: { kind: 'or', parts: [deep, long] },
      sort: byId,
      offset: 0,
      count: 9,
    })
    expect(rows.values.length).toBeLessThan(1000)
  })

  test('A4: a column that the resource does not have is a fault, never left out', () => {
    expect(() => searchSql('User', TENANT, { where: is('owner', 'eq', 5), sort: byId, offset: 0, count: 9 })).toThrow(
      'no column',
    )
    const sort = { column: { name: 'role' }, descending: false } as const
    expect(() => searchSql('User', TENANT, { sort, offset: 0, count: 9 })).toThrow('not sorted')
  })
})

interface Person {
  readonly id: number
  readonly externalId: string
  readonly group: string
  readonly active: boolean
  readonly familyName: string | null
  readonly created: number
  readonly roles: readonly string[]
  readonly mobile: string | null
}

const texts = ['anna', 'Anna', 'ann', 'AN', 'a%n_', 'ünal', 'Ünal', "o'x", 'a\\b', '漢字', '0973494699-1', 'zz']
const people: readonly Person[] = Array.from({ length: 36 }, (_, n) => ({
  id: 100 + n,
  externalId: `${texts[n % texts.length]}${n < texts.length ? '' : n}`,
  group: n % 3 === 0 ? 'UG_ROOT' : 'UG_CLIENTID',
  active: n % 4 !== 0,
  familyName: n % 5 === 0 ? null : texts[(n * 7) % texts.length]!,
  created: 1_700_000_000_000 + n * 500,
  roles: n % 6 === 0 ? ['RL_A', 'RL_B'] : n % 2 === 0 ? ['RL_A'] : [],
  mobile: n % 3 === 1 ? null : texts[(n * 5) % texts.length]!,
})).filter((person, n, all) => all.findIndex(one => nameKey(one.externalId) === nameKey(person.externalId)) === n)

const asciiLower = (text: string) => text.replace(/[A-Z]/g, letter => letter.toLowerCase())
/** How one person is seen through a column: all values, folded as the store folds them. */
function valuesOf(
  person: Person,
  { name }: Column,
): { values: readonly (string | number)[]; fold: (text: string) => string } {
  const same = (text: string) => text
  switch (name) {
    case 'id':
      return { values: [person.id], fold: same }
    case 'externalId':
      return { values: [nameKey(person.externalId)], fold: nameKey }
    case 'group':
      return { values: [person.group], fold: same }
    case 'active':
      return { values: [person.active ? 1 : 0], fold: same }
    case 'familyName':
      return { values: person.familyName === null ? [] : [asciiLower(person.familyName)], fold: asciiLower }
    case 'created':
      return { values: [person.created], fold: same }
    case 'role':
      return { values: person.roles, fold: same }
    default:
      return { values: person.mobile === null ? [] : [nameKey(person.mobile)], fold: nameKey }
  }
}

/** The same question answered without SQL; texts compared by code points, as both engines compare bytes. */
function holds(person: Person, condition: Condition): boolean {
  switch (condition.kind) {
    case 'never':
      return false
    case 'not':
      return !holds(person, condition.part)
    case 'and':
      return condition.parts.every(part => holds(person, part))
    case 'or':
      return condition.parts.some(part => holds(person, part))
    case 'present':
      return valuesOf(person, condition.column).values.length > 0
    case 'compare': {
      const { values, fold } = valuesOf(person, condition.column)
      const wanted = typeof condition.value === 'string' ? fold(condition.value) : Number(condition.value)
      return values.some(value => compares(value, condition.operator, wanted))
    }
  }
}

function compares(value: string | number, operator: ColumnOperator, wanted: string | number): boolean {
  const order =
    typeof value === 'number'
      ? Math.sign(value - Number(wanted))
      : Buffer.compare(Buffer.from(value), Buffer.from(String(wanted)))
  switch (operator) {
    case 'eq':
      return order === 0
    case 'gt':
      return order > 0
    case 'ge':
      return order >= 0
    case 'lt':
      return order < 0
    case 'le':
      return order <= 0
    case 'sw':
      return String(value).startsWith(String(wanted))
    case 'ew':
      return String(value).endsWith(String(wanted))
    case 'co':
      return String(value).includes(String(wanted))
  }
}

const textual = fc.constantFrom<ColumnOperator>('eq', 'co', 'sw', 'ew', 'gt', 'ge', 'lt', 'le')
const ordered = fc.constantFrom<ColumnOperator>('eq', 'gt', 'ge', 'lt', 'le')
const someText = fc.oneof(
  fc.constantFrom(...texts, 'n', 'A', '%', '_', '\\', "'", 'ü', '1'),
  fc.string({ minLength: 1, maxLength: 3 }),
)
const someWord = someText.filter(text => !text.includes('\u0000'))
const textColumn = fc.constantFrom<Column>(
  { name: 'externalId' },
  { name: 'familyName' },
  { name: 'attribute', code: 'ATR_MOBILE' },
)
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc
    .tuple(textColumn, textual, someWord)
    .map(([column, operator, value]) => ({ kind: 'compare' as const, column, operator, value })),
  fc.tuple(ordered, fc.integer({ min: 98, max: 138 })).map(([operator, value]) => is('id', operator, value)),
  fc
    .tuple(ordered, fc.integer({ min: -1, max: 37 }))
    .map(([operator, n]) => is('created', operator, 1_700_000_000_000 + n * 500)),
  fc.boolean().map(value => is('active', 'eq', value)),
  fc.constantFrom('RL_A', 'RL_B', 'RL_C').map(value => is('role', 'eq', value)),
  fc.constantFrom('UG_ROOT', 'UG_CLIENTID', 'ug_root').map(value => is('group', 'eq', value)),
  fc.oneof(textColumn, fc.constant<Column>({ name: 'role' })).map(column => ({ kind: 'present' as const, column })),
  fc.constant<Condition>({ kind: 'never' }),
)
const { condition } = fc.letrec<{ condition: Condition }>(tie => ({
  condition: fc.oneof(
    { maxDepth: 3 },
    leaf,
    tie('condition').map((part): Condition => ({ kind: 'not', part })),
    fc
      .tuple(fc.constantFrom('and' as const, 'or' as const), fc.array(tie('condition'), { minLength: 1, maxLength: 3 }))
      .map(([kind, parts]): Condition => ({ kind, parts })),
  ),
}))

function addPerson(tenant: number, p: Person) {
  return [
    sql`insert into user_account (tenant_number, id, external_id, external_id_key, user_name, user_name_key, group_code, active, family_name, created_at, version)
        values (${tenant}, ${p.id}, ${p.externalId}, ${nameKey(p.externalId)}, ${p.externalId}, ${nameKey(p.externalId)}, ${p.group}, ${p.active}, ${p.familyName}, ${p.created}, ${1})`,
    ...p.roles.map(
      role => sql`insert into user_role (tenant_number, user_id, role) values (${tenant}, ${p.id}, ${role})`,
    ),
    ...(p.mobile === null
      ? []
      : [
          sql`insert into user_attribute (tenant_number, user_id, name, value, value_key) values (${tenant}, ${p.id}, ${'ATR_MOBILE'}, ${p.mobile}, ${nameKey(p.mobile)})`,
        ]),
  ]
}

const addDevice = (id: number, type: string, owner: number | null, expiry: number | null) =>
  sql`insert into device (tenant_number, id, external_id, external_id_key, type, owner_id, status, start_at, expiry_at, created_at, version)
      values (${TENANT}, ${id}, ${`S${id}`}, ${`s${id}`}, ${type}, ${owner}, ${'ACTIVE'}, ${0}, ${expiry}, ${0}, ${1})`

const addAuthenticator = (user: number, policy: string) =>
  sql`insert into authenticator (tenant_number, user_id, policy, status, start_at, created_at, version)
      values (${TENANT}, ${user}, ${policy}, ${'ENABLED'}, ${0}, ${0}, ${1})`

describe.each(engines)('$name', engine => {
  describe.skipIf(engine.absent)('searches', () => {
    let fresh: FreshStore
    let store: Store

    beforeAll(async () => {
      fresh = await engine.open()
      store = fresh.store
      await store.write(TENANT, function* () {
        for (const person of people) yield addPerson(TENANT, person)
        yield [
          addDevice(1, 'DT_POCK_OE', 102, 5000),
          addDevice(2, 'DT_POCK_OT', 102, null),
          addDevice(3, 'DT_POCK_OE', null, 3000),
          addAuthenticator(102, 'AT_OTP'),
          addAuthenticator(101, 'AT_STDPWD'),
          addAuthenticator(101, 'AT_OTP'),
          sql`insert into tenant_counter (tenant_number, noun, total) values (${TENANT}, ${'user'}, ${people.length})`,
        ]
        return undefined
      })
      await store.write(NEIGHBOUR, function* () {
        for (const person of people.slice(0, 9))
          yield addPerson(NEIGHBOUR, { ...person, roles: ['RL_C'], mobile: 'neighbour' })
        return undefined
      })
    })
    afterAll(() => fresh.close())

    const search = (resource: SearchResource, plan: Partial<SearchPlan>, tenant = TENANT) =>
      store.read(tenant, function* () {
        const { rows, total } = searchSql(resource, tenant, { sort: byId, offset: 0, count: 100, ...plan })
        const [found, [counted]] = yield* together(rows, total)
        return { ids: found.map(row => row.id), rows: found as readonly FoundRow[], total: counted?.total ?? 0 }
      })

    test('S2: every condition finds exactly the rows that fulfil it, and counts them', async () => {
      await fc.assert(
        fc.asyncProperty(condition, async where => {
          const wanted = people.filter(person => holds(person, where)).map(person => person.id)
          expect(await search('User', { where })).toMatchObject({ ids: wanted, total: wanted.length })
        }),
        { numRuns: 150 },
      )
    })

    test('H3: the neighbour with equal names sees only its own rows', async () => {
      const where: Condition = {
        kind: 'or',
        parts: [is('attribute', 'eq', 'neighbour', 'ATR_MOBILE'), is('role', 'eq', 'RL_C')],
      }
      expect((await search('User', { where })).total).toBe(0)
      expect((await search('User', { where }, NEIGHBOUR)).total).toBe(9)
      expect((await search('User', { where: is('id', 'ge', 1) }, NEIGHBOUR)).ids).toEqual(
        people.slice(0, 9).map(p => p.id),
      )
    })

    test('pages in order, totals exact', async () => {
      const all = people.map(person => person.id)
      expect(await search('User', { offset: 2, count: 3 })).toMatchObject({ ids: all.slice(2, 5), total: all.length })
      const downwards = { column: { name: 'id' }, descending: true } as const
      expect((await search('User', { sort: downwards, count: 2 })).ids).toEqual(all.toReversed().slice(0, 2))
      expect(await search('User', { where: is('id', 'ge', 1), count: 0 })).toMatchObject({ ids: [], total: all.length })
      expect((await search('User', { offset: 1000 })).ids).toEqual([])
    })

    test('rows without a value come last, and first when descending', async () => {
      const expiry = { name: 'expiry' } as const
      expect((await search('Device', { sort: { column: expiry, descending: false } })).ids).toEqual([3, 1, 2])
      expect((await search('Device', { sort: { column: expiry, descending: true } })).ids).toEqual([2, 1, 3])
    })

    test('devices by owner, by the name of the owner, by what they lack', async () => {
      expect((await search('Device', { where: is('owner', 'eq', 102) })).ids).toEqual([1, 2])
      const name = people.find(person => person.id === 102)!.externalId
      expect((await search('Device', { where: is('ownerExternalId', 'eq', name.toUpperCase()) })).ids).toEqual([1, 2])
      expect((await search('Device', { where: { kind: 'not', part: is('owner', 'eq', 102) } })).ids).toEqual([3])
      expect((await search('Device', { where: is('expiry', 'lt', 6000) })).ids).toEqual([1, 3])
    })

    test('authenticators come with their policy', async () => {
      const { rows, total } = await search('Authenticator', { where: is('owner', 'ge', 1) })
      expect(rows).toEqual([
        { id: 101, policy: 'AT_OTP' },
        { id: 101, policy: 'AT_STDPWD' },
        { id: 102, policy: 'AT_OTP' },
      ])
      expect(total).toBe(3)
      expect((await search('Authenticator', { where: is('ownerExternalId', 'sw', 'a') })).total).toBeGreaterThan(0)
      expect((await search('Credential', { where: is('device', 'eq', 1) })).total).toBe(0)
    })

    test('S2: searches by name, number or prefix walk an index', async () => {
      if (engine.name !== 'SQLite') return
      const wheres: readonly (readonly [SearchResource, Condition])[] = [
        ['User', is('externalId', 'eq', 'anna')],
        ['User', is('userName', 'sw', 'an')],
        ['User', is('group', 'eq', 'UG_ROOT')],
        ['User', is('attribute', 'eq', 'anna', 'ATR_MOBILE')],
        ['User', is('role', 'eq', 'RL_A')],
        ['Device', { kind: 'and', parts: [is('externalId', 'eq', 's1'), is('type', 'eq', 'DT_POCK_OE')] }],
        ['Device', is('owner', 'eq', 101)],
        ['Device', is('expiry', 'lt', 5000)],
        ['Authenticator', is('owner', 'eq', 101)],
        ['Credential', is('device', 'eq', 1)],
      ]
      for (const [resource, where] of wheres) {
        for (const query of Object.values(searchSql(resource, TENANT, { where, sort: byId, offset: 0, count: 9 }))) {
          const { name, text, values } = query
          const plan = await store.read(TENANT, () =>
            rowsOf<{ detail: string }>({ name: `explain_${name}`, text: `explain query plan ${text}`, values }),
          )
          const steps = plan.map(step => step.detail).join('; ')
          expect(steps, JSON.stringify(where)).not.toContain('SCAN')
          // More than the tenant alone must narrow the search.
          expect(steps, JSON.stringify(where)).toMatch(/tenant_number=\? AND /)
        }
      }
    })
  })
})
