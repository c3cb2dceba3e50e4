/**
 * What must hold for the list of endpoints as a whole; each check answers the complaints it has, in words for the build's output.
 * They guard themselves: an empty list of endpoints is a complaint, or the checks would pass when the doors were not handed in.
 */
import { refusals } from '#domain/refusal.ts'
import { addressesOf, type Door, indistinct } from '#http/door.ts'
import type { Access, Endpoint } from '#http/endpoint.ts'

const KINDS: Readonly<Record<Access['kind'], true>> = {
  anyone: true,
  bearer: true,
  'any-bearer': true,
  'client-proof': true,
  'device-proof': true,
  'login-proof': true,
}

export function emptyTables(doors: readonly Door[]): string[] {
  if (doors.length === 0) return ['there are no doors']
  return doors.filter(door => door.endpoints.length === 0).map(door => `door ${door.name} has no endpoints`)
}

/** Every endpoint says who may call it, and why where it asks for no permission. */
export function undeclaredAccess(doors: readonly Door[]): string[] {
  return eachEndpoint(doors, ({ access }) => {
    if (access === undefined || KINDS[access.kind] !== true) return 'does not say who may call it'
    const word = access.kind === 'bearer' ? access.permission : access.why
    return word.trim() === '' ? 'names no permission and no reason' : undefined
  })
}

/** No two endpoints stand at one address with one method. */
export function sharedAddresses(doors: readonly Door[]): string[] {
  const seen = new Set<string>()
  const complaints: string[] = []
  for (const door of doors) {
    for (const { method, path } of door.endpoints) {
      for (const { pattern } of addressesOf(door, path)) {
        const key = `${method} ${indistinct(pattern)}`
        if (seen.has(key)) complaints.push(`${key} stands more than once`)
        seen.add(key)
      }
    }
  }
  return complaints
}

/** Every declared refusal is in the one list, and is declared once. */
export function unknownRefusals(doors: readonly Door[]): string[] {
  return eachEndpoint(doors, ({ refusals: declared }) => {
    const unknown = declared.filter(code => !Object.hasOwn(refusals, code))
    if (unknown.length > 0) return `declares refusals that are not in the list: ${unknown.join(', ')}`
    return new Set(declared).size < declared.length ? 'declares a refusal twice' : undefined
  })
}

/** Every endpoint has a sentence, a path from the root, a shape for each of its parameters but the tenant. */
export function undescribed(doors: readonly Door[]): string[] {
  return eachEndpoint(doors, ({ params, path, summary }) => {
    if (!/\S.*\.$/.test(summary)) return 'has no sentence'
    if (!path.startsWith('/')) return 'has a path that does not start at the root'
    const shaped = Object.keys((params as { properties?: object } | undefined)?.properties ?? {})
    const bare = parametersOf(path).filter(name => name !== 'tenant' && !shaped.includes(name))
    return bare.length > 0 ? `has path parameters without a shape: ${bare.join(', ')}` : undefined
  })
}

/** All complaints; an empty list is what the build wants to see. */
export function complaintsAbout(doors: readonly Door[]): string[] {
  const checks = [emptyTables, undeclaredAccess, sharedAddresses, unknownRefusals, undescribed]
  return checks.flatMap(check => check(doors))
}

export function parametersOf(path: string): string[] {
  return [...path.matchAll(/\{([A-Za-z_]+)\}/g)].map(match => match[1]!)
}

function eachEndpoint(doors: readonly Door[], complaint: (endpoint: Endpoint) => string | undefined): string[] {
  return doors.flatMap(door =>
    door.endpoints.flatMap(endpoint => {
      const said = complaint(endpoint)
      return said === undefined ? [] : [`${door.name}: ${endpoint.method} ${endpoint.path} ${said}`]
    }),
  )
}
