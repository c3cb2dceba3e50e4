/**
 * A door: a list of endpoints that speak one dialect, and under which addresses they stand.
 * What clients in the field get wrong about addresses is forgiven here, by door: the `/idp` prefix, a trailing slash,
 * `/SCIM` in capitals (tolerance T1). Nothing else about a path is bent.
 */
import type { Dialect } from '#http/dialect.ts'
import type { Endpoint } from '#http/endpoint.ts'

export interface Door {
  readonly name: string
  readonly endpoints: readonly Endpoint[]
  /** Handed to every handler of the door. */
  readonly needs: unknown
  readonly dialect: Dialect
  /** Addresses below these that belong to no endpoint are refused in this dialect: `/scim/`, `/{tenant}/authn/`. */
  readonly prefixes?: readonly string[]
  /** Every path also stands under this prefix, and the situation's origin then ends in it: `/idp`. */
  readonly alsoUnder?: string
  /** A path may end in a slash. */
  readonly trailingSlash?: true
  /** The first part of the path is read in any case: `/scim`. */
  readonly anyCase?: string
  /** Content type of JSON answers and refusals; `application/json;charset=UTF-8` by default. */
  readonly jsonType?: string
  /** The other origins whose pages may read answers of this door; asked before the tenant is known, and again when it is. */
  readonly cors?: (tenant: unknown) => readonly string[]
  /** The refusal when a readable request does not have the endpoint's shape; `invalid_request` by default. */
  readonly mismatch?: 'invalid_request' | 'invalid_value'
}

export const JSON_TYPE = 'application/json;charset=UTF-8'

export interface Address {
  /** With `:name` for parameters, as the router writes it. */
  readonly pattern: string
  /** What stands before the endpoint's own path: empty, or the door's `alsoUnder`. */
  readonly under: string
}

/** Every address under which an endpoint of this door stands. */
export function addressesOf(door: Door, path: string): Address[] {
  const pattern = path.replaceAll(/\{([A-Za-z_]+)\}/g, ':$1')
  const addresses: Address[] = [{ pattern, under: '' }]
  if (door.alsoUnder !== undefined) addresses.push({ pattern: door.alsoUnder + pattern, under: door.alsoUnder })
  if (door.trailingSlash === undefined || pattern.endsWith('/')) return addresses
  return addresses.flatMap(address => [address, { pattern: `${address.pattern}/`, under: address.under }])
}

/** The same for two paths that the router cannot tell apart: parameter names do not count. */
export const indistinct = (path: string) => path.replaceAll(/\{[A-Za-z_]+\}|:[A-Za-z_]+/g, '{}')

/** Corrects the case of a path's first part, for each of the lower-case prefixes; other addresses stay as they are. */
export function lowerCasePrefix(url: string, prefixes: readonly string[]): string {
  for (const prefix of prefixes) {
    if (url.charCodeAt(prefix.length) !== 47 || url.startsWith(prefix)) continue
    if (url.slice(0, prefix.length).toLowerCase() === prefix) return prefix + url.slice(prefix.length)
  }
  return url
}

/** The door whose dialect answers for an address without endpoint. */
export function doorAt(doors: readonly Door[], url: string): Door | undefined {
  const path = (url.split('?', 1)[0] ?? '').slice(0, 512)
  return doors.find(door =>
    door.prefixes?.some(
      prefix => stands(path, prefix) || (door.alsoUnder !== undefined && stands(path, door.alsoUnder + prefix)),
    ),
  )
}

function stands(path: string, prefix: string): boolean {
  const wanted = prefix.split('/').filter(part => part !== '')
  const given = path.split('/').slice(1, wanted.length + 1)
  return wanted.every((part, place) => (part.startsWith('{') ? (given[place] ?? '') !== '' : given[place] === part))
}
