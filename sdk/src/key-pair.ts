/**
 * The four key pairs of a device (approve protocol, section 1), made by Web Crypto. Private keys can be exported only when the vault or a
 * password needs their bytes once, to seal them; whatever is taken out of a vault later cannot be.
 */
import {
  type AppKeys,
  type ApprovalAlgorithm,
  type EcKey,
  type KeyThumbprints,
  type KeyUse,
  keyUses,
  type SigningKey,
} from '@countersign/protocol/approve/public-key.ts'
import { thumbprintOf } from './trust-chain.ts'

const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' } as const
const ecdh = { name: 'ECDH', namedCurve: 'P-256' } as const
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-512',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
} as const

export type Algorithms = Readonly<Record<'logon' | 'action', ApprovalAlgorithm>>

export interface FreshKeys {
  readonly public: AppKeys
  readonly private: Readonly<Record<KeyUse, CryptoKey>>
}

/** How a private key of this use is taken in again. */
export function keyForm(use: KeyUse, key: SigningKey) {
  if (use === 'sealing') return { algorithm: ecdh, usages: ['deriveBits'] as KeyUsage[] }
  return { algorithm: key.kty === 'RSA' ? rsa : ecdsa, usages: ['sign'] as KeyUsage[] }
}

export async function makeKeys(
  algorithms: Algorithms,
  extractable: { readonly signing: boolean; readonly others: boolean },
): Promise<FreshKeys> {
  const [logon, action, request, sealing] = await Promise.all([
    signingPair(algorithms.logon, extractable.signing),
    signingPair(algorithms.action, extractable.signing),
    signingPair('ES256', extractable.others),
    crypto.subtle.generateKey(ecdh, extractable.others, ['deriveBits']),
  ])
  const pairs = { logon, action, request, sealing }
  return {
    public: {
      logon: await publicOf(logon.publicKey),
      action: await publicOf(action.publicKey),
      request: (await publicOf(request.publicKey)) as EcKey,
      sealing: (await publicOf(sealing.publicKey)) as EcKey,
    },
    private: {
      logon: pairs.logon.privateKey,
      action: pairs.action.privateKey,
      request: pairs.request.privateKey,
      sealing: pairs.sealing.privateKey,
    },
  }
}

const signingPair = (algorithm: ApprovalAlgorithm, extractable: boolean): Promise<CryptoKeyPair> =>
  algorithm === 'RS512'
    ? crypto.subtle.generateKey(rsa, extractable, ['sign', 'verify'])
    : crypto.subtle.generateKey(ecdsa, extractable, ['sign', 'verify'])

async function publicOf(key: CryptoKey): Promise<SigningKey> {
  const { kty, n = '', x = '', y = '' } = await crypto.subtle.exportKey('jwk', key)
  return kty === 'RSA' ? { kty: 'RSA', n, e: 'AQAB' } : { kty: 'EC', crv: 'P-256', x, y }
}

export async function thumbprintsOf(keys: AppKeys): Promise<KeyThumbprints> {
  const prints = await Promise.all(keyUses.map(async use => [use, await thumbprintOf(keys[use])] as const))
  return Object.fromEntries(prints) as KeyThumbprints
}
