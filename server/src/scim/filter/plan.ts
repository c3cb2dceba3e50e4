/**
 * From what was written to what is asked of the store: names become columns, texts become ids, dates, flags or texts, by the
 * attribute table (RFC 7644 section 3.4.2.2). Unknown names and operators that a name does not offer are refused.
 * Surprise: dates are shown in whole seconds, so a date written in whole seconds is compared in whole seconds; otherwise
 * nobody could find a row by the very date that was shown to him.
 */
import type { Comparison, Filter, FilterOperator, FilterValue } from '#domain/filter.ts'
import { idOf } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Column, ColumnOperator, Condition } from '#domain/search.ts'
import { readDate } from '#scim/dates.ts'
import type { Attribute, AttributeOperator, FindAttribute } from '#scim/filter/attributes.ts'

const SECOND_MS = 1000

/** The condition of a filter. Refuses with `invalid_filter`. */
export function planFilter(filter: Filter, find: FindAttribute): Condition {
  switch (filter.kind) {
    case 'and':
    case 'or':
      return { kind: filter.kind, parts: filter.parts.map(part => planFilter(part, find)) }
    case 'not':
      return not(planFilter(filter.part, find))
    case 'present':
      return { kind: 'present', column: load(find, filter.attribute, 'pr').column }
    case 'compare':
      return planComparison(filter, load(find, filter.attribute, filter.operator))
  }
}

const not = (part: Condition): Condition => ({ kind: 'not', part })
const never: Condition = { kind: 'never' }
const compare = (column: Column, operator: ColumnOperator, value: string | number | boolean): Condition => ({
  kind: 'compare',
  column,
  operator,
  value,
})

function load(find: FindAttribute, name: string, operator: AttributeOperator): Attribute {
  const attribute = find(name)
  if (attribute === undefined) throw refusal(name, 'is no attribute that can be searched')
  if (!attribute.operators.has(operator)) throw refusal(name, `cannot be searched with ${operator}`)
  return attribute
}

function refusal(name: string, what: string): Refusal {
  return new Refusal('invalid_filter', `${name.slice(0, 40)} ${what}.`)
}

function planComparison(written: Comparison, attribute: Attribute): Condition {
  if (written.operator === 'ne') return not(planPositive({ ...written, operator: 'eq' }, 'eq', attribute))
  return planPositive(written, written.operator, attribute)
}

function planPositive(written: Comparison, operator: ColumnOperator, attribute: Attribute): Condition {
  const { column } = attribute
  if (operator === 'eq' && isBare(written.value, 'null')) return not({ kind: 'present', column })
  switch (attribute.type) {
    case 'text':
    case 'code':
      return planText(written, operator, attribute)
    case 'status':
      return compare(column, operator, written.value.text.toUpperCase())
    case 'boolean':
      return compare(column, operator, readFlag(written))
    case 'date':
      return planDate(written, operator, column)
    case 'authenticator-id':
      return planAuthenticatorId(written.value.text)
    case 'id':
      return planId(written, operator, column)
  }
}

const isBare = (value: FilterValue, word: string) => !value.quoted && value.text.toLowerCase() === word

function planText(written: Comparison, operator: FilterOperator & ColumnOperator, attribute: Attribute): Condition {
  const { column } = attribute
  const starts = operator === 'eq' && written.wildcard === true && attribute.wildcard
  const text = starts ? written.value.text.slice(0, -1) : written.value.text
  const partial = starts || operator === 'co' || operator === 'sw' || operator === 'ew'
  // Every text contains the empty one.
  if (partial && text === '') return { kind: 'present', column }
  return compare(column, starts ? 'sw' : operator, text)
}

function readFlag(written: Comparison): boolean {
  const text = written.value.text.toLowerCase()
  if (text === 'true' || text === 'false') return text === 'true'
  throw refusal(written.attribute, 'is true or false')
}

function planId(written: Comparison, operator: ColumnOperator, column: Column): Condition {
  const id = idOf(written.value.text)
  if (id !== undefined) return compare(column, operator, id)
  // An id is opaque: one that no row can have is simply not found. An order among such ids does not exist.
  if (operator === 'eq') return never
  throw refusal(written.attribute, 'is compared with a number')
}

/** `52276.AT_OTP`: the user's id, a dot, the policy's code. */
function planAuthenticatorId(text: string): Condition {
  const dot = text.indexOf('.')
  const owner = dot < 0 ? undefined : idOf(text.slice(0, dot))
  if (owner === undefined) return never
  return {
    kind: 'and',
    parts: [compare({ name: 'owner' }, 'eq', owner), compare({ name: 'policy' }, 'eq', text.slice(dot + 1))],
  }
}

function planDate(written: Comparison, operator: ColumnOperator, column: Column): Condition {
  const at = readDate(written.value.text)
  if (at === undefined) throw refusal(written.attribute, 'is compared with a date like 2020-05-15T18:15:21Z')
  const after = at % SECOND_MS === 0 ? at + SECOND_MS : at + 1
  switch (operator) {
    case 'eq':
      return { kind: 'and', parts: [compare(column, 'ge', at), compare(column, 'lt', after)] }
    case 'gt':
      return compare(column, 'ge', after)
    case 'le':
      return compare(column, 'lt', after)
    default:
      return compare(column, operator, at)
  }
}
