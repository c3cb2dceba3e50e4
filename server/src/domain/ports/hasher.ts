/**
 * Slow hashes of secrets that people chose (argon2id). The pool is bounded: `admit` either gives a place or refuses with
 * `temporarily_unavailable` before anything is reserved, so that a flood consumes no attempts.
 */
export interface HashPlace {
  hash(secret: string): Promise<string>
  /** `undefined` as hash does the same work on a dummy and answers false: unknown users cost as much as known ones. */
  verify(hash: string | undefined, secret: string): Promise<boolean>
  /** Gives the place back; every admit is paired with one leave. */
  leave(): void
}

export interface Hasher {
  admit(): HashPlace
}
