/** Evidence: each signing key signs the same text about itself and the other keys (approve protocol, section 4), at activation and renewal. */
import type { Evidence } from '@countersign/protocol/approve/activation.ts'
import { algorithmOf } from '@countersign/protocol/approve/public-key.ts'
import { signCompact } from './compact-jws.ts'
import { type FreshKeys, thumbprintsOf } from './key-pair.ts'

export const EVIDENCE_TYPE = 'cs-evidence+jwt'

export async function evidenceOf(fresh: FreshKeys, facts: Omit<Evidence, 'keys'>): Promise<[string, string]> {
  const { tenant, uid, root, nonce, iat } = facts
  const payload = JSON.stringify({ tenant, uid, root, keys: await thumbprintsOf(fresh.public), nonce, iat })
  const by = (use: 'logon' | 'action') => {
    const alg = algorithmOf(fresh.public[use])
    return signCompact(fresh.private[use], alg, JSON.stringify({ alg, typ: EVIDENCE_TYPE }), payload)
  }
  return [await by('logon'), await by('action')]
}
