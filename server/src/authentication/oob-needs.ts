/** What codes by mail and SMS need beside what every proof needs. */
import type { MessageNeeds } from '#authentication/messages.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'

export interface OutOfBandNeeds extends AuthenticationNeeds, Pick<MessageNeeds, 'messages' | 'outbox' | 'nudge'> {
  /** Messages of tenants without a gateway arrive all the same: in the demo, where an inbox is part of the server. */
  readonly inboxHere: boolean
}
