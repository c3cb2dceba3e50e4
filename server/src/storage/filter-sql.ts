/**
 * A search as SQL for both engines: columns come from the constant templates below and nowhere else, values are bound.
 * Text is compared in its stored key (lower case) or, where there is none, without regard to the case of ASCII letters;
 * prefixes are ranges, because both engines sort text by bytes. Surprise: no LIKE, whose case rules differ by engine.
 */
import { Fault } from '#domain/refusal.ts'
import type {
  Column,
  ColumnName,
  ColumnOperator,
  Condition,
  SearchPlan,
  SearchQueries,
  SearchResource,
} from '#domain/search.ts'
import { nameKey } from '#domain/user.ts'
import { type Fragment, fragment, joined, type Value } from '#storage/sql.ts'

/** How a text is compared: by its stored key, with ASCII letters folded, or as it stands. Numbers stand as they are. */
type Fold = 'key' | 'ascii' | 'exact'

type Held =
  | { readonly kind: 'own'; readonly sql: Fragment; readonly fold: Fold; readonly nullable: boolean }
  | { readonly kind: 'attribute' | 'role' }
  /** The external id of a row's owner; `sql` is the column with the owner's id. */
  | { readonly kind: 'owner'; readonly sql: Fragment; readonly nullable: boolean }

interface Table {
  readonly noun: string
  readonly rows: Fragment
  readonly count: Fragment
  /** What makes the order total; each gets the direction of the sort. */
  readonly ties: readonly Fragment[]
  readonly columns: Readonly<Partial<Record<ColumnName, Held>>>
}

const ID = fragment`r.id`
const USER_ID = fragment`r.user_id`
const POLICY = fragment`r.policy`

const own = (sql: Fragment, fold: Fold = 'exact'): Held => ({ kind: 'own', sql, fold, nullable: false })
const ownOrNull = (sql: Fragment, fold: Fold = 'exact'): Held => ({ kind: 'own', sql, fold, nullable: true })

const lifetime = {
  status: own(fragment`r.status`),
  start: own(fragment`r.start_at`),
  expiry: ownOrNull(fragment`r.expiry_at`),
  created: own(fragment`r.created_at`),
}

const tables: Readonly<Record<SearchResource, Table>> = {
  User: {
    noun: 'user',
    rows: fragment`select r.id as "id" from user_account r where r.tenant_number =`,
    count: fragment`select count(*) as "total" from user_account r where r.tenant_number =`,
    ties: [ID],
    columns: {
      id: own(ID),
      externalId: own(fragment`r.external_id_key`, 'key'),
      userName: own(fragment`r.user_name_key`, 'key'),
      active: own(fragment`r.active`),
      group: own(fragment`r.group_code`),
      role: { kind: 'role' },
      attribute: { kind: 'attribute' },
      familyName: ownOrNull(fragment`r.family_name`, 'ascii'),
      givenName: ownOrNull(fragment`r.given_name`, 'ascii'),
      title: ownOrNull(fragment`r.title`, 'ascii'),
      created: own(fragment`r.created_at`),
    },
  },
  Device: {
    noun: 'device',
    rows: fragment`select r.id as "id" from device r where r.tenant_number =`,
    count: fragment`select count(*) as "total" from device r where r.tenant_number =`,
    ties: [ID],
    columns: {
      ...lifetime,
      id: own(ID),
      externalId: own(fragment`r.external_id_key`, 'key'),
      type: own(fragment`r.type`),
      owner: ownOrNull(fragment`r.owner_id`),
      ownerExternalId: { kind: 'owner', sql: fragment`r.owner_id`, nullable: true },
      friendlyName: ownOrNull(fragment`r.friendly_name`, 'ascii'),
    },
  },
  Authenticator: {
    noun: 'authenticator',
    rows: fragment`select r.user_id as "id", r.policy as "policy" from authenticator r where r.tenant_number =`,
    count: fragment`select count(*) as "total" from authenticator r where r.tenant_number =`,
    ties: [USER_ID, POLICY],
    columns: {
      ...lifetime,
      id: own(USER_ID),
      owner: own(USER_ID),
      ownerExternalId: { kind: 'owner', sql: USER_ID, nullable: false },
      policy: own(POLICY),
    },
  },
  Credential: {
    noun: 'credential',
    rows: fragment`select r.id as "id" from credential r where r.tenant_number =`,
    count: fragment`select count(*) as "total" from credential r where r.tenant_number =`,
    ties: [ID],
    columns: {
      ...lifetime,
      id: own(ID),
      externalId: own(fragment`r.external_id_key`, 'key'),
      type: own(fragment`r.type`),
      device: own(fragment`r.device_id`),
    },
  },
  Provision: {
    noun: 'provision',
    rows: fragment`select r.id as "id" from provision r where r.tenant_number =`,
    count: fragment`select count(*) as "total" from provision r where r.tenant_number =`,
    ties: [ID],
    columns: {
      id: own(ID),
      type: own(fragment`r.device_type`),
      owner: own(USER_ID),
      ownerExternalId: { kind: 'owner', sql: USER_ID, nullable: false },
      device: own(fragment`r.device_id`),
      status: own(fragment`r.status`),
      created: own(fragment`r.created_at`),
    },
  },
}

/** One page of ids in order, and the exact number of all that match; unfiltered it is read from a kept counter. */
export const searchSql: SearchQueries = (resource, tenant, plan) => {
  const table = tables[resource]
  const where = plan.where === undefined ? [] : [fragment`and`, ...conditionSql(plan.where, table, tenant, false)]
  const scope = fragment`${tenant}`
  const page = fragment`limit ${plan.count} offset ${plan.offset}`
  return {
    rows: joined(table.rows, scope, ...where, fragment`order by`, orderSql(plan, table), page),
    total:
      plan.where === undefined
        ? joined(
            fragment`select total as "total" from tenant_counter where tenant_number = ${tenant} and noun = ${table.noun}`,
          )
        : joined(table.count, scope, ...where),
  }
}

/** Flat, because a filter nests deeper than fragments should. `opposite` pushes a `not` down to the comparisons. */
function conditionSql(condition: Condition, table: Table, tenant: number, opposite: boolean): Fragment[] {
  switch (condition.kind) {
    case 'never':
      return [opposite ? fragment`1 = 1` : fragment`1 = 0`]
    case 'not':
      return conditionSql(condition.part, table, tenant, !opposite)
    case 'and':
    case 'or': {
      const joint = (condition.kind === 'and') === opposite ? fragment`or` : fragment`and`
      const parts = condition.parts.flatMap((part, n) => [
        ...(n === 0 ? [] : [joint]),
        ...conditionSql(part, table, tenant, opposite),
      ])
      return [fragment`(`, ...parts, fragment`)`]
    }
    case 'present':
      return [leafSql(condition.column, 'present', '', table, tenant, opposite)]
    case 'compare':
      return [leafSql(condition.column, condition.operator, condition.value, table, tenant, opposite)]
  }
}

type Test = ColumnOperator | 'present'

function leafSql(column: Column, test: Test, value: Value, table: Table, tenant: number, opposite: boolean): Fragment {
  const held = heldBy(table, column)
  switch (held.kind) {
    case 'own':
      return orOpposite(testSql(held.sql, held.fold, test, value), held.nullable ? held.sql : undefined, opposite)
    case 'role':
      return orOpposite(
        fragment`r.id in (select x.user_id from user_role x where x.tenant_number = ${tenant} and ${testSql(fragment`x.role`, 'exact', test, value)})`,
        undefined,
        opposite,
      )
    case 'attribute':
      return orOpposite(
        fragment`r.id in (select x.user_id from user_attribute x where x.tenant_number = ${tenant} and x.name = ${column.code ?? ''} and ${testSql(fragment`x.value_key`, 'key', test, value)})`,
        undefined,
        opposite,
      )
    case 'owner':
      return orOpposite(
        fragment`${held.sql} in (select x.id from user_account x where x.tenant_number = ${tenant} and ${testSql(fragment`x.external_id_key`, 'key', test, value)})`,
        held.nullable ? held.sql : undefined,
        opposite,
      )
  }
}

function heldBy(table: Table, column: Column): Held {
  const held = table.columns[column.name]
  if (held === undefined) throw new Fault(`${table.noun} has no column ${column.name}`)
  return held
}

/** The test or its opposite, which is also true of rows without a value. */
function orOpposite(test: Fragment, nullable: Fragment | undefined, opposite: boolean): Fragment {
  if (!opposite) return test
  return nullable === undefined ? fragment`not (${test})` : fragment`(${nullable} is null or not (${test}))`
}

function testSql(column: Fragment, fold: Fold, test: Test, value: Value): Fragment {
  if (test === 'present') return fragment`${column} is not null`
  if (typeof value !== 'string') return orderedSql(column, test, value)
  const side = fold === 'ascii' ? fragment`lower(${column})` : column
  const text = folded(value, fold)
  switch (test) {
    case 'sw':
      return fragment`(${side} >= ${text} and ${side} < ${`${text}\u{10ffff}`})`
    case 'co':
      return fragment`replace(${side}, ${text}, '') <> ${side}`
    case 'ew':
      // Too short a text gives less than was asked for, and so is never equal.
      return fragment`substr(${side}, length(${side}) - ${[...text].length} + 1) = ${text}`
    default:
      return orderedSql(side, test, text)
  }
}

function orderedSql(side: Fragment, test: ColumnOperator, value: Value): Fragment {
  switch (test) {
    case 'eq':
      return fragment`${side} = ${value}`
    case 'gt':
      return fragment`${side} > ${value}`
    case 'ge':
      return fragment`${side} >= ${value}`
    case 'lt':
      return fragment`${side} < ${value}`
    case 'le':
      return fragment`${side} <= ${value}`
    default:
      throw new Fault(`${test} is no order`)
  }
}

function folded(text: string, fold: Fold): string {
  if (fold === 'key') return nameKey(text)
  return fold === 'ascii' ? text.replace(/[A-Z]/g, letter => letter.toLowerCase()) : text
}

/** Rows without a value come last when ascending and first when descending (RFC 7644 section 3.4.2.3). */
function orderSql({ where, sort }: SearchPlan, table: Table): Fragment {
  const held = heldBy(table, sort.column)
  if (held.kind !== 'own') throw new Fault(`${table.noun} is not sorted by ${sort.column.name}`)
  const direction = sort.descending ? fragment`desc` : fragment`asc`
  const nulls = sort.descending ? fragment` nulls first` : fragment` nulls last`
  const sorted = sort.column.name === 'id' && where !== undefined && isRange(where)
  const side = held.fold === 'ascii' ? fragment`lower(${held.sql})` : sorted ? fragment`+${held.sql}` : held.sql
  const head = fragment`${side} ${direction}${held.nullable ? nulls : fragment``}`
  const ties = table.ties.filter(tie => tie !== held.sql)
  return ties.reduce((order, tie) => fragment`${order}, ${tie} ${direction}`, head)
}

/**
 * A range beside `order by id` makes a planner walk all rows by id until the page is full, which for a range with few rows is
 * the whole tenant. A `+` before the column takes that walk away; the total has to visit the rows of the range anyway.
 */
function isRange(where: Condition): boolean {
  if (where.kind === 'and') return where.parts.some(isRange)
  if (where.kind !== 'compare' || where.column.name === 'id') return false
  return where.operator === 'gt' || where.operator === 'ge' || where.operator === 'lt' || where.operator === 'le'
}
