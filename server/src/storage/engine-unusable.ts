/**
 * The store cannot be used as it stands: held by another server, made by a newer release, a tool is missing.
 * For the operator, not for a caller of the API: `message` says what is so, `next` what to do about it.
 */
export class StoreUnusable extends Error {
  readonly next: string

  constructor(what: string, next: string, options?: { cause?: unknown }) {
    super(`${what} ${next}`, options)
    this.name = 'StoreUnusable'
    this.next = next
  }
}
