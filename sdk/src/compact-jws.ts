/**
 * Compact JWS of the protocol (RFC 7515). Signing keeps header and payload as texts, since approvals and calls are compared byte by
 * byte; verifying takes keys by `kid` from what the app trusts, never from the header (`jwk`, `jku`, `x5u` are ignored).
 */
import type { ApprovalAlgorithm, EcKey } from '@countersign/protocol/approve/public-key.ts'
import { compactVerify, decodeProtectedHeader, importJWK } from 'jose'
import { textBytes, toBase64url } from './bytes.ts'
import { SdkError } from './sdk-error.ts'

const forms = {
  RS512: { name: 'RSASSA-PKCS1-v1_5' },
  ES256: { name: 'ECDSA', hash: 'SHA-256' },
} as const

export const signingInput = (header: string, payload: string) =>
  `${toBase64url(textBytes(header))}.${toBase64url(textBytes(payload))}`

export async function signCompact(
  key: CryptoKey,
  algorithm: ApprovalAlgorithm,
  header: string,
  payload: string,
): Promise<string> {
  const input = signingInput(header, payload)
  const signature = await crypto.subtle.sign(forms[algorithm], key, textBytes(input))
  return `${input}.${toBase64url(signature)}`
}

export const kidOf = (jws: string): string | undefined => {
  try {
    return decodeProtectedHeader(jws).kid
  } catch {
    return undefined
  }
}

/** The payload of an ES256 JWS with this `typ`, signed by one of the keys; refuses everything else. */
export async function verifiedPayload(
  jws: string,
  typ: string,
  keys: Readonly<Record<string, EcKey>>,
): Promise<unknown> {
  const kid = kidOf(jws)
  const jwk = kid !== undefined && Object.hasOwn(keys, kid) ? keys[kid] : undefined
  if (!jwk) throw new SdkError('untrusted_service', 'Something was signed by a key that the service did not vouch for.')
  try {
    const { payload, protectedHeader } = await compactVerify(jws, await importJWK({ ...jwk }, 'ES256'), {
      algorithms: ['ES256'],
    })
    if (protectedHeader.typ !== typ) throw new SdkError('untrusted_service')
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
  } catch (cause) {
    throw new SdkError('untrusted_service', 'A signature of the service is wrong.', { cause })
  }
}
