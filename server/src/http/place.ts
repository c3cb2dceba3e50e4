/**
 * A place: one address template with the methods that are served there, so that a wrong method is answered 405 with the right ones
 * (RFC 9110 section 15.5.6) and OPTIONS 204. The router knows served methods only: registering refusals for all others would make
 * the start several times slower. They are looked up here instead, when the router found nothing.
 */
import { Fault } from '#domain/refusal.ts'
import { addressesOf, type Door, indistinct } from '#http/door.ts'
import { type Route, routeOf } from '#http/route.ts'
import type { Traffic } from '#http/traffic.ts'

export const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const
export type Method = (typeof METHODS)[number]

interface Served {
  readonly route: Route
  readonly pattern: string
  readonly under: string
}

export interface Place {
  readonly door: Door
  readonly pattern: string
  readonly parts: readonly string[]
  readonly served: Map<string, Served>
}

/** All places, fixed parts before parameters, so that the first match is the closest. Throws Fault when two endpoints share one. */
export function placesOf(doors: readonly Door[], traffic: Traffic): Place[] {
  const places = new Map<string, Place>()
  for (const door of doors) {
    for (const endpoint of door.endpoints) {
      const route = routeOf(door, endpoint, traffic)
      for (const { pattern, under } of addressesOf(door, endpoint.path)) {
        const key = indistinct(pattern)
        const place = places.get(key) ?? { door, pattern, parts: pattern.split('/'), served: new Map() }
        places.set(key, place)
        if (place.served.has(endpoint.method)) throw new Fault(`two endpoints stand at ${endpoint.method} ${pattern}`)
        place.served.set(endpoint.method, { route, pattern, under })
      }
    }
  }
  const order = (place: Place) => place.parts.map(part => (isParameter(part) ? '\uffff' : part)).join('/')
  return [...places.values()].sort((one, other) => (order(one) < order(other) ? -1 : 1))
}

/** What a method gets here: GET serves HEAD too. */
export const servedAt = (place: Place, method: string) => place.served.get(method === 'HEAD' ? 'GET' : method)

/** The value of the `Allow` header. */
export function allowAt(place: Place): string {
  return METHODS.filter(method => method === 'OPTIONS' || servedAt(place, method) !== undefined).join(', ')
}

/** The closest place at an address, whatever the method. */
export function placeAt(places: readonly Place[], url: string): Place | undefined {
  const parts = (url.split('?', 1)[0] ?? '').split('/', 32)
  return places.find(place => covers(place, parts))
}

/** The name of the tenant in an address of this place. */
export function tenantAt({ parts }: Place, url: string): string | undefined {
  const at = parts.indexOf(':tenant')
  return at === -1 ? undefined : url.split('?', 1)[0]?.split('/', at + 1)[at]
}

/**
 * Methods that this place does not serve but the router would take elsewhere: `GET …/Users/.search` would be read as the user
 * `.search`. For these the refusal has to be registered.
 */
export function shadowedAt(place: Place, places: readonly Place[]): Method[] {
  return METHODS.filter(
    method =>
      servedAt(place, method) === undefined &&
      places.some(other => other !== place && servedAt(other, method) !== undefined && covers(other, place.parts)),
  )
}

const isParameter = (part: string) => part.startsWith(':')

function covers({ parts }: Place, given: readonly string[]): boolean {
  if (parts.length !== given.length) return false
  return parts.every((part, at) => (isParameter(part) ? given[at] !== '' : given[at] === part))
}
