/** The bank as its pages see it: what it knows and what it may ask. Put together once, in `main.ts`. */
import type { Configuration, Customer } from './configuration.ts'
import type { Scim } from './scim.ts'
import type { Connect } from './server-connection.ts'
import { Shelf } from './shelf.ts'
import type { PinnedKey, Statement } from './signed-statement.ts'

export interface Bank {
  readonly configuration: Configuration
  readonly connect: Connect
  readonly scim: Scim
  readonly transfers: Shelf<Transfer>
  readonly enrolments: Shelf<Enrolment>
  /** For each customer the keys of his phones. */
  readonly keys: Map<string, Map<string, PinnedKey>>
  now_ms(): number
}

export interface Order {
  readonly payee: string
  readonly amount: string
  readonly reference: string
}

export type TransferState =
  | { readonly name: 'waiting' }
  | { readonly name: 'sent'; readonly statement: Statement; readonly phone: string; readonly at_ms: number }
  | { readonly name: 'declined'; readonly reported: boolean }
  | { readonly name: 'expired' }
  /** Something did not fit: nothing is moved, and the counter is told what. */
  | { readonly name: 'stopped'; readonly why: string }

export interface Transfer {
  readonly id: string
  readonly customer: Customer
  readonly order: Order
  readonly text: string
  readonly number: string
  readonly until_ms: number
  state: TransferState
}

export type EnrolmentState =
  | { readonly name: 'invited' }
  | { readonly name: 'enrolled'; readonly phone: string }
  | { readonly name: 'over' }

export interface Enrolment {
  readonly id: string
  readonly customer: Customer
  readonly message: string
  state: EnrolmentState
}

const MOST_TRANSFERS = 200
const MOST_ENROLMENTS = 50

export function openBank(given: Pick<Bank, 'configuration' | 'connect' | 'scim' | 'now_ms'>): Bank {
  return { ...given, transfers: new Shelf(MOST_TRANSFERS), enrolments: new Shelf(MOST_ENROLMENTS), keys: new Map() }
}

/** The number of customers is that of the configuration. */
export function keysOf({ keys }: Bank, { id }: Customer): Map<string, PinnedKey> {
  const held = keys.get(id) ?? new Map<string, PinnedKey>()
  keys.set(id, held)
  return held
}
