/**
 * Who a service is, to this app: the approve root that is pinned, and the working keys it vouches for (approve protocol, section 3).
 * Statements of a successor count once a known root has vouched for it; the app then pins the successor.
 */
import { fits } from '@countersign/protocol/approve/fits.ts'
import { canonicalKey, type EcKey, type SigningKey } from '@countersign/protocol/approve/public-key.ts'
import {
  type ServiceAnswer,
  STATEMENT_TYPE,
  type Statement,
  statementPayload,
} from '@countersign/protocol/approve/statement.ts'
import { sha256, textBytes, toBase64url } from './bytes.ts'
import { kidOf, verifiedPayload } from './compact-jws.ts'
import { SdkError } from './sdk-error.ts'

export interface Trust {
  readonly root: string
  readonly rootKey: EcKey
  readonly working: Readonly<Record<string, EcKey>>
}

export const thumbprintOf = async (key: SigningKey) => toBase64url(await sha256(textBytes(canonicalKey(key))))

/** `pinned` is a known root key, or with a first QR only its thumbprint; by hand there is none yet and the proofs decide. */
export async function trustIn(
  answer: ServiceAnswer,
  pinned: EcKey | string | undefined,
  now_seconds: number,
): Promise<Trust> {
  const shown = await thumbprintOf(answer.root)
  const first = typeof pinned === 'object' ? pinned : answer.root
  const firstPrint = await thumbprintOf(first)
  if (typeof pinned === 'string' && pinned !== firstPrint) throw new SdkError('untrusted_service')
  const roots: Record<string, EcKey> = { [firstPrint]: first }
  // Each turn adds a root or is the last one.
  for (let known = 0; known < Object.keys(roots).length; ) {
    known = Object.keys(roots).length
    Object.assign(roots, await vouchedFor('successor', answer, roots, now_seconds))
  }
  if (!Object.hasOwn(roots, shown))
    throw new SdkError('untrusted_service', 'The service shows another root than the one this app knows.')
  return { root: shown, rootKey: answer.root, working: await vouchedFor('working', answer, roots, now_seconds) }
}

async function vouchedFor(
  use: Statement['use'],
  { tenant, statements }: ServiceAnswer,
  roots: Readonly<Record<string, EcKey>>,
  now_seconds: number,
): Promise<Record<string, EcKey>> {
  const found: Record<string, EcKey> = {}
  for (const jws of statements) {
    const kid = kidOf(jws)
    if (kid === undefined || !Object.hasOwn(roots, kid)) continue
    const said = await verifiedPayload(jws, STATEMENT_TYPE, roots)
    if (!fits(statementPayload, said) || said.use !== use || said.tenant !== tenant || said.exp <= now_seconds) continue
    const { kty, crv, x, y } = said.jwk
    found[await thumbprintOf(said.jwk)] = { kty, crv, x, y }
  }
  return found
}
