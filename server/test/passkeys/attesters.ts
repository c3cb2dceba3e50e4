/** Attestation statements by format, Web Authentication Level 3 section 8: honest ones, made with a key and a chain that the caller brings. */
import type { KeyObject } from 'node:crypto'
import { ALGORITHM_IDS, type Attest, signBy } from './authenticator.ts'
import { joined, Pairs } from './cbor.ts'

/** Who signs for a model of authenticators: a key for ES256, and its certificates as DER, leaf first. */
export interface Attester {
  readonly privateKey: KeyObject
  readonly chain: readonly Uint8Array[]
}

export const none: Attest = () => ({ format: 'none', statement: new Pairs() })

/** The passkey's own key signs: proves nothing of the model. */
export const packedSelf: Attest = ({ algorithm, privateKey, authenticatorData, clientDataHash }) => ({
  format: 'packed',
  statement: new Pairs(
    ['alg', ALGORITHM_IDS[algorithm]],
    ['sig', signBy(privateKey, algorithm, joined(authenticatorData, clientDataHash))],
  ),
})

export function packedBy({ privateKey, chain }: Attester): Attest {
  return ({ authenticatorData, clientDataHash }) => ({
    format: 'packed',
    statement: new Pairs(
      ['alg', ALGORITHM_IDS.ES256],
      ['sig', signBy(privateKey, 'ES256', joined(authenticatorData, clientDataHash))],
      ['x5c', chain],
    ),
  })
}

export function u2fBy({ privateKey, chain }: Attester): Attest {
  return ({ rpIdHash, clientDataHash, credentialId, publicKey }) => {
    const jwk = publicKey.export({ format: 'jwk' })
    const point = joined(Uint8Array.of(4), Buffer.from(jwk.x ?? '', 'base64url'), Buffer.from(jwk.y ?? '', 'base64url'))
    const signed = joined(Uint8Array.of(0), rpIdHash, clientDataHash, credentialId, point)
    return {
      format: 'fido-u2f',
      statement: new Pairs(['x5c', chain], ['sig', signBy(privateKey, 'ES256', signed)]),
    }
  }
}
