/**
 * What a path proves, in kinds: something known, something held, and the check of the person that a passkey makes on its own.
 * Two factors of one kind fall together to one thief, so only the number of kinds says how strong a path is.
 */
import type { Factor, FactorClass } from '#workflow/factor.ts'
import type { Path } from '#workflow/paths.ts'

export type ProofKind = 'known' | 'held' | 'verified by the key'

const kinds: Readonly<Record<FactorClass, ProofKind>> = {
  LOGIN: 'known',
  // An activation code was told to the person beforehand and is typed like a password.
  CODE: 'known',
  OTP: 'held',
  PUSH: 'held',
  OOB: 'held',
  PKI: 'held',
  FIDO: 'held',
  CARD: 'held',
}

export function proofKinds({ first, second }: Path): ReadonlySet<ProofKind> {
  return new Set([first, second].flatMap(factor => (factor ? kindsOf(factor) : [])))
}

/** Whether a certificate or a card asked for a PIN is not seen here; a passkey says so. */
function kindsOf({ class: name, passkey }: Factor): readonly ProofKind[] {
  const verified = name === 'FIDO' && passkey.userVerification === 'required'
  return verified ? [kinds[name], 'verified by the key'] : [kinds[name]]
}
