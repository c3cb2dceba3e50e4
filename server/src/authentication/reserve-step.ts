/** A proof that is a step of a login takes one of the tries that the login bears there, before its attempt is looked at. */
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
