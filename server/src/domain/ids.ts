/**
 * Numbers that name things. Named things (user, device, credential …) count up within a tenant and show as decimal
 * strings; happenings (session, token, challenge, event) are made locally and ordered by time:
 * (ms since 2026-01-01) × 8192 + node × 256 + n. All stay below 2^53.
 */
export type TenantNumber = number
export type UserId = number
export type DeviceId = number
export type CredentialId = number
export type ChallengeId = number
export type SessionId = number
export type EventId = number
export type ProvisionId = number

const decimal = /^[1-9][0-9]{0,15}$/

/** The number behind a decimal string of a path or filter, or undefined when it cannot be one of ours. */
export function idOf(text: string): number | undefined {
  if (!decimal.test(text)) return undefined
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : undefined
}

/** 2026-01-01T00:00:00Z in milliseconds. */
export const HAPPENINGS_START = 1_767_225_600_000
const PER_MS = 8192
const PER_NODE = 256

/** The smallest happening id that can be made at this time. */
export function happeningFloor(atMs: number): number {
  return (atMs - HAPPENINGS_START) * PER_MS
}

/** When a happening id was made, in milliseconds. */
export function happenedAt(id: number): number {
  return Math.floor(id / PER_MS) + HAPPENINGS_START
}

/**
 * Makes happening ids for one node (0 to 31). 256 per millisecond; a burst beyond that runs ahead of the clock,
 * a clock going back keeps the last millisecond. Rises strictly.
 */
export class Happenings {
  #last = -1
  #n = 0
  readonly #now: () => number
  readonly #node: number

  constructor(now: () => number, node: number) {
    if (!Number.isInteger(node) || node < 0 || node > 31) throw new RangeError('node number must be 0 to 31')
    this.#now = now
    this.#node = node
  }

  next(): number {
    const ms = this.#now() - HAPPENINGS_START
    if (ms > this.#last) {
      this.#last = ms
      this.#n = 0
    } else if (this.#n === PER_NODE - 1) {
      this.#last += 1
      this.#n = 0
    } else {
      this.#n += 1
    }
    return this.#last * PER_MS + this.#node * PER_NODE + this.#n
  }
}
