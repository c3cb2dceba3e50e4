/**
 * The order of a list of configuration documents (RFC 7644 section 3.4.2.3): by `id`, which is the code, or by `name`; texts by
 * their code units, so that an order is the same on every node. Documents without a name come last, first when descending.
 */
import type { Parameters } from '#configuration/parameters.ts'
import { Refusal } from '#domain/refusal.ts'

interface Ordered {
  readonly code: string
  readonly name?: string | undefined
}
type Order = (one: Ordered, other: Ordered) => number

const compare = (one: string, other: string) => (one < other ? -1 : Number(one > other))
const byCode: Order = (one, other) => compare(one.code, other.code)
const byName: Order = (one, other) =>
  Number(one.name === undefined) - Number(other.name === undefined) ||
  compare(one.name ?? '', other.name ?? '') ||
  byCode(one, other)

const orders: ReadonlyMap<string, Order> = new Map([
  ['id', byCode],
  ['name', byName],
])

export function documentOrder(parameters: Parameters): Order {
  const name = parameters.get('sortby')?.trim() || 'id'
  const order = orders.get(name.toLowerCase())
  if (order === undefined) {
    throw new Refusal('invalid_path', `${name.slice(0, 40)} is no attribute that can be sorted by.`)
  }
  const direction = parameters.get('sortorder')?.trim().toLowerCase() || 'ascending'
  if (direction !== 'ascending' && direction !== 'descending') {
    throw new Refusal('invalid_value', 'sortOrder is ascending or descending.')
  }
  return direction === 'ascending' ? order : (one, other) => order(other, one)
}
