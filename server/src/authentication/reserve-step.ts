/** A proof that is a step of a login takes one of the tries that the login bears there, before its attempt is looked at. */
import type { Attempt } from '#authentication/attempt.ts'
import type { Alongside } from '#authentication/proof.ts'
import { first, type Unit } from '#domain/ports/store.ts'

/** Undefined: the proof belongs to no login. `over`: the login bears no more, or went on without this call. */
export function* reserveStep({
  alongside,
}: {
  readonly alongside?: Pick<Alongside, 'reserve'>
}): Unit<number | 'over' | undefined> {
  if (!alongside) return undefined
  const row = yield* first(alongside.reserve)
  return row?.tries ?? 'over'
}

/** What the login will not verify is no attempt of the authenticator either: many calls at once would lock it (security.md E2). */
export const within = (attempt: Attempt, step: number | 'over' | undefined): Attempt =>
  step === 'over' ? { ...attempt, limit: 0, userLimit: 0 } : attempt
