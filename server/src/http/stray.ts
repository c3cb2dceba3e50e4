/**
 * What is answered where no endpoint stands: 404 for an unknown address, 405 for a known one with another method, 204 for OPTIONS
 * (RFC 9110 sections 15.5.5, 15.5.6, 9.3.7). An unknown address under a door speaks that door's dialect, all others the neutral one.
 */
import Type from 'typebox'
import { Refusal } from '#domain/refusal.ts'
import { send, uniformHeaders } from '#http/answer.ts'
import { discardRest } from '#http/body-bytes.ts'
import { allowMethods, allowOrigin, isPreflight } from '#http/cors.ts'
import { neutralDialect } from '#http/dialect.ts'
import { type Door, doorAt } from '#http/door.ts'
import { anyone, type Endpoint } from '#http/endpoint.ts'
import { type Arrival, type Exchanges, findTenant, refuse, situationOf } from '#http/exchange.ts'
import { allowAt, type Place, placeAt, servedAt, tenantAt } from '#http/place.ts'
import { type Route, routeOf } from '#http/route.ts'
import type { Traffic } from '#http/traffic.ts'

const nothing: Endpoint = {
  method: 'GET',
  path: '*',
  summary: 'Addresses without an endpoint.',
  access: anyone('a refusal is all there is'),
  answers: { status: 404, shape: Type.Unknown() },
  refusals: ['not_found', 'method_not_allowed', 'invalid_request'],
  handle: () => Promise.reject(new Refusal('not_found')),
}

const nowhere: Door = { name: 'none', endpoints: [], needs: undefined, dialect: neutralDialect }

const NO_TYPE = uniformHeaders('text/plain')

export class Strays {
  readonly #shared: Exchanges
  readonly #doors: readonly Door[]
  readonly #places: readonly Place[]
  readonly #routes = new Map<Door, Route>()
  readonly #fallback: Route

  constructor(shared: Exchanges, doors: readonly Door[], places: readonly Place[], traffic: Traffic) {
    this.#shared = shared
    this.#places = places
    this.#doors = doors
    this.#fallback = routeOf(nowhere, nothing, traffic)
    for (const door of doors) this.#routes.set(door, routeOf(door, nothing, traffic))
  }

  /** A request that the router found no endpoint for. */
  take(arrival: Arrival): void {
    const { method, url } = arrival.request
    const place = placeAt(this.#places, url!)
    // Served, and yet not found: a parameter longer than any id of ours.
    if (place === undefined || servedAt(place, method!) !== undefined) {
      this.#refuse(doorAt(this.#doors, url!), arrival, new Refusal('not_found'))
    } else if (method === 'OPTIONS') {
      if (place.door.cors !== undefined && isPreflight(arrival.request)) this.#preflight(place, arrival)
      else this.#options(allowAt(place), arrival)
    } else {
      arrival.response.setHeader('allow', allowAt(place))
      this.#refuse(place.door, arrival, new Refusal('method_not_allowed'))
    }
  }

  unreadable(arrival: Arrival): void {
    const refusal = new Refusal('invalid_request', 'The address could not be read.')
    this.#refuse(doorAt(this.#doors, arrival.request.url!), arrival, refusal)
  }

  /** What a page may do depends on the tenant; one that is not there names nobody. */
  #preflight(place: Place, arrival: Arrival): void {
    const { request, response } = arrival
    const answer = async () => {
      const tenant = await findTenant(this.#shared.hooks, tenantAt(place, request.url!))
      if (allowOrigin(place.door, tenant, request, response)) allowMethods(allowAt(place), response)
      this.#options(allowAt(place), arrival)
    }
    answer().catch((error: unknown) => this.#refuse(place.door, arrival, error))
  }

  /** OPTIONS tells which methods the address has; it looks at nothing else, not even whether the tenant exists. */
  #options(allow: string, arrival: Arrival): void {
    const { situation, failure } = situationOf(this.#shared, arrival)
    if (failure !== undefined) {
      refuse(this.#shared, this.#fallback, arrival, situation, failure)
      return
    }
    const { correlation } = situation
    const answer = { headers: { allow }, body: undefined }
    const close = this.#shared.draining()
    send(arrival.response, { status: 204, uniform: NO_TYPE, type: 'text/plain', answer, correlation, close })
    discardRest(arrival.request)
  }

  #refuse(door: Door | undefined, arrival: Arrival, refusal: unknown): void {
    const started = performance.now()
    if (door !== undefined) allowOrigin(door, undefined, arrival.request, arrival.response)
    const route = (door && this.#routes.get(door)) ?? this.#fallback
    const { situation, failure } = situationOf(this.#shared, arrival)
    const status = refuse(this.#shared, route, arrival, situation, failure ?? refusal)
    route.tally.note(status, performance.now() - started)
  }
}
