/**
 * The inbox of the demo: messages to people, of tenants that have no gateway, end here instead of in the world. In memory, the newest
 * 200. It shows codes, so it exists in the demo alone.
 */
import type { InboxMessage } from '#domain/parcel.ts'

const MOST = 200

export class Inbox {
  readonly #messages: InboxMessage[] = []

  take(message: InboxMessage): void {
    this.#messages.push(message)
    if (this.#messages.length > MOST) this.#messages.shift()
  }

  /** The newest last. */
  get messages(): readonly InboxMessage[] {
    return this.#messages
  }
}
