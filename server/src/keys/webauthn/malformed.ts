/**
 * Thrown inside this folder for what a stranger sent, and turned into a verdict at its door (`passkeys.ts`): callers of the port
 * never see it. `reason` is the code that the audit and an administrator read, `detail` says more in words of ours.
 */
export class Malformed extends Error {
  readonly reason: string

  constructor(detail: string, reason = 'malformed') {
    super(detail)
    this.reason = reason
  }
}
