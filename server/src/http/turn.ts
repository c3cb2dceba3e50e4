/**
 * Requests that arrive in one turn of the event loop begin together when all of them are read, those of one endpoint after one another:
 * what the processor has just used for one serves the next, too. A request alone waits for nothing. What it is worth:
 * docs/decisions/hot-path.md.
 */
import type { Arrival } from '#http/exchange.ts'
import type { Route } from '#http/route.ts'

export class Turn {
  readonly #begin: (route: Route, arrival: Arrival) => void
  #arrived = new Map<Route, Arrival[]>()

  constructor(begin: (route: Route, arrival: Arrival) => void) {
    this.#begin = begin
  }

  take(route: Route, arrival: Arrival): void {
    if (this.#arrived.size === 0) setImmediate(() => this.#beginAll())
    const others = this.#arrived.get(route)
    if (others) others.push(arrival)
    else this.#arrived.set(route, [arrival])
  }

  #beginAll(): void {
    const arrived = this.#arrived
    this.#arrived = new Map()
    for (const [route, arrivals] of arrived) {
      for (const arrival of arrivals) this.#begin(route, arrival)
    }
  }
}
