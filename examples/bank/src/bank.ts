/** The bank as its pages see it: what it knows and what it may ask. Put together once, in `main.ts`. */
import type { Configuration, Customer, Way } from './configuration.ts'
import type { Scim } from './scim.ts'
import type { Connect } from './server-connection.ts'
import { Shelf } from './shelf.ts'
import { type Begun, connectionOf, type Session } from './sign-in.ts'
import type { PinnedKey, Statement } from './signed-statement.ts'

export interface Bank {
  readonly configuration: Configuration
  readonly connect: Connect
  readonly scim: Scim
  readonly transfers: Shelf<Transfer>
  readonly enrolments: Shelf<Enrolment>
  /** For each customer the keys of his phones. */
  readonly keys: Shelf<Map<string, PinnedKey>>
  readonly online: Online
  now_ms(): number
}

/** People who sign in, and those who are about to. By what their browsers hold as cookies, which nobody can guess. */
export interface Online {
  readonly ways: readonly (Way & { readonly connect: Connect })[]
  readonly begun: Shelf<Begun>
  /** Answers that came by form_post, until the browser comes again for them. */
  readonly posted: Shelf<string>
  readonly sessions: Shelf<Session>
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
  /** The page where it was entered. */
  readonly home: string
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
  readonly home: string
  readonly customer: Customer
  readonly message: string
  state: EnrolmentState
}

const MOST = { transfers: 200, enrolments: 50, customers: 1000, begun: 200, posted: 50, sessions: 200 }

export function openBank(given: Pick<Bank, 'configuration' | 'connect' | 'scim' | 'now_ms'>): Bank {
  const { configuration } = given
  return {
    ...given,
    transfers: new Shelf(MOST.transfers),
    enrolments: new Shelf(MOST.enrolments),
    keys: new Shelf(MOST.customers),
    online: {
      ways: configuration.ways.map(way => ({ ...way, connect: connectionOf(configuration, way) })),
      begun: new Shelf(MOST.begun),
      posted: new Shelf(MOST.posted),
      sessions: new Shelf(MOST.sessions),
    },
  }
}

export function keysOf({ keys }: Bank, { id }: Customer): Map<string, PinnedKey> {
  const held = keys.find(id) ?? new Map<string, PinnedKey>()
  keys.keep(id, held)
  return held
}
