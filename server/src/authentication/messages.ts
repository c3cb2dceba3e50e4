/**
 * Messages to people: codes and links by mail and SMS. Nothing is sent from here: a message is a row of the outbox, written in the
 * unit that decided, its content sealed from the beginning; the worker brings it. For whoever is not known, cannot be reached, or is
 * told nothing, a decoy is written: the same statement, the same bytes but for the address, and the worker drops it (security.md E1).
 *
 * In use, in a unit of work, after which `needs.nudge()`:
 *   const [where] = yield* together(needs.messages.addresses(tenant.number, user))
 *   const to = addressFor(method, where[0])
 *   const may = yield* spendMessage(needs, tenant, { user, method, to })       // message-budgets.ts; equal work for nobody
 *   const text = composeMessage(tenant.configuration, { purpose: 'reset', method, values: { secret, application, validity, link } })
 *   yield [...messageNews(needs, tenant, { user, method, to: may ? to : undefined, ...text, purpose: 'reset', notAfter }).queries, …]
 */
import type { UserId } from '#domain/ids.ts'
import type { MessageMethod, MessageParcel } from '#domain/parcel.ts'
import type { BudgetQueries } from '#domain/ports/budget-queries.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Addresses, MessageQueries } from '#domain/ports/message-queries.ts'
import type { NewOutboxRow, OutboxQueries } from '#domain/ports/outbox-queries.ts'
import type { Query } from '#domain/ports/store.ts'
import { dialled } from '#domain/telephone.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface MessageNeeds {
  readonly clock: Clock
  readonly happenings: { next(): number }
  readonly budgets: BudgetQueries
  readonly messages: MessageQueries
  readonly outbox: Pick<OutboxQueries, 'add'>
  /** There is something to send. */
  nudge(): void
}

export interface Message {
  /** 0: nobody. */
  readonly user: UserId
  readonly method: MessageMethod
  /** Undefined: a decoy. */
  readonly to: string | undefined
  readonly subject?: string
  readonly text: string
  readonly html?: string
  /** Codes of gateways, where the policy names some. */
  readonly gateways?: readonly string[] | undefined
  /** Part of the row's destination: `oob`, `reset`. */
  readonly purpose: string
  /** Dropped unsent from then on, in milliseconds: when what it tells is worth nothing any more. */
  readonly notAfter: number
}

/** The row of a message, to be written in the unit that decided to tell it. */
export function messageNews(
  { happenings, clock, outbox }: Pick<MessageNeeds, 'happenings' | 'clock' | 'outbox'>,
  tenant: Tenant,
  { user, method, to, subject, text, html, gateways, purpose, notAfter }: Message,
): { readonly id: number; readonly queries: readonly Query[] } {
  const id = happenings.next()
  const now = clock.now()
  const parcel: MessageParcel = {
    kind: 'message',
    method,
    ...(to === undefined ? {} : { to }),
    ...(subject === undefined ? {} : { subject }),
    text,
    ...(html === undefined ? {} : { html }),
    ...(gateways === undefined ? {} : { gateways }),
  }
  const body = tenant.sealer.seal(
    { table: 'outbox', column: 'body', row: String(id) },
    Buffer.from(JSON.stringify(parcel)),
  )
  const row: NewOutboxRow = {
    ...{ id, kind: 'message', subject: user, destination: `${purpose}:${user}`, body },
    ...{ dueAt: now, createdAt: now, notAfter },
  }
  return { id, queries: [outbox.add(tenant.number, row)] }
}

const LONGEST_ADDRESS = 254
const mailForm = /^[^\s@<>"(),:;\\[\]]{1,64}@[^\s@<>"(),:;\\[\]]{1,253}$/u
const numberForm = /^\+?[0-9]{5,15}$/

/** The person's address for a method; undefined when there is none, or none that a message could go to. */
export function addressFor(method: MessageMethod, addresses: Addresses | undefined): string | undefined {
  const address = (method === 'email' ? addresses?.email : addresses?.mobile)?.trim()
  if (!address || address.length > LONGEST_ADDRESS) return undefined
  const fits = method === 'email' ? mailForm.test(address) : numberForm.test(dialled(address))
  return fits ? address : undefined
}
