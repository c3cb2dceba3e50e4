/** What the counterpart of the SDK's tests computes with: node:crypto and jose, none of the SDK. */
import { createHash, createHmac, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { CompactEncrypt, CompactSign, importJWK, type JWK } from 'jose'

export const b64u = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64url')
export const sha = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest()
export const mac = (key: Uint8Array, label: string, transcript: Uint8Array) =>
  createHmac('sha256', key).update(label).update(transcript).digest()
export const print = (jwk: JWK) =>
  b64u(
    sha(
      Buffer.from(
        jwk.kty === 'RSA'
          ? JSON.stringify({ e: jwk.e, kty: jwk.kty, n: jwk.n })
          : JSON.stringify({ crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y }),
      ),
    ),
  )

export interface Pair {
  readonly key: KeyObject
  readonly jwk: JWK
  readonly kid: string
}

export function pair(): Pair {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = createPublicKey(privateKey).export({ format: 'jwk' }) as JWK
  return { key: privateKey, jwk, kid: print(jwk) }
}

export const sign = ({ key, kid }: Pair, typ: string, payload: object) =>
  new CompactSign(Buffer.from(JSON.stringify(payload))).setProtectedHeader({ alg: 'ES256', typ, kid }).sign(key)

export const json = (body: object, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })

export const sealed = async (content: object, to: JWK) =>
  new CompactEncrypt(Buffer.from(JSON.stringify(content)))
    .setProtectedHeader({ alg: 'ECDH-ES', enc: 'A256GCM' })
    .encrypt(await importJWK(to, 'ECDH-ES'))
