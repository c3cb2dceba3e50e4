/** Web Push, for the conformance suite: the receiving side is a push service that checks RFC 8292 and an app that opens RFC 8291. */
import assert from 'node:assert/strict'
import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  type ECDH,
  generateKeyPairSync,
  hkdfSync,
  type JsonWebKey,
  type KeyObject,
  verify,
} from 'node:crypto'
import type { Candidate } from '#delivery/conformance/candidate.ts'
import type { Received } from '#delivery/conformance/endpoint.ts'

const DAY_SECONDS = 86_400
const AUTH = 'BTBZMqHH6r4Tts7J_aSIgg'

export function webPushCandidate(): Candidate {
  const app = createECDH('prime256v1')
  const p256dh = app.generateKeys('base64url')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwk = privateKey.export({ format: 'jwk' })
  const publicKey = pointOf(jwk)
  return {
    name: 'web push',
    subscribed: true,
    vapid: { privateKey, publicKey, contact: 'mailto:operator@example.com' },
    secrets: [AUTH, p256dh, String(jwk.d), 'planted'],
    parcelOf: (endpoint, text) => ({
      ...{ kind: 'web-push', endpoint, p256dh, auth: AUTH, ttl_seconds: 120 },
      message: JSON.stringify({ text }),
    }),
    open(received, now_ms) {
      const { headers } = received
      assert.equal(headers.ttl, '120')
      assert.equal(headers.urgency, 'high')
      assert.equal(headers.topic, undefined)
      assert.equal(headers['content-encoding'], 'aes128gcm')
      checkVapid(received, createPublicKey(privateKey), publicKey, now_ms)
      return (JSON.parse(decrypted(received.body, app).toString()) as { text: string }).text
    },
  }
}

export function pointOf({ x = '', y = '' }: JsonWebKey): string {
  const halves = [x, y].map(half => Buffer.from(half, 'base64url'))
  return Buffer.concat([Uint8Array.of(4), ...halves]).toString('base64url')
}

function checkVapid({ headers }: Received, key: KeyObject, point: string, now_ms: number): void {
  const [, token = '', k] = /^vapid t=([^,]+), k=([A-Za-z0-9_-]+)$/.exec(headers.authorization ?? '') ?? []
  assert.equal(k, point)
  const [header = '', payload = '', signature = ''] = token.split('.')
  const signed = Buffer.from(`${header}.${payload}`)
  const by = { key, dsaEncoding: 'ieee-p1363' } as const
  assert.ok(verify('sha256', signed, by, Buffer.from(signature, 'base64url')), 'the signature fits')
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>
  const left_seconds = Number(claims.exp) - now_ms / 1000
  assert.equal(claims.aud, `http://${headers.host}`)
  assert.equal(claims.sub, 'mailto:operator@example.com')
  assert.ok(left_seconds > 0 && left_seconds <= DAY_SECONDS, 'exp is within a day')
}

/** RFC 8291 section 4 from the other side, one record. */
function decrypted(body: Buffer, app: ECDH): Buffer {
  const [salt, idLength] = [body.subarray(0, 16), body.readUInt8(20)]
  const [sender, record] = [body.subarray(21, 21 + idLength), body.subarray(21 + idLength)]
  const derive = (secret: Uint8Array, salted: Uint8Array, info: Uint8Array, length: number) =>
    Buffer.from(hkdfSync('sha256', secret, salted, info, length))
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), app.getPublicKey(), sender])
  const secret = derive(app.computeSecret(sender), Buffer.from(AUTH, 'base64url'), info, 32)
  const key = derive(secret, salt, Buffer.from('Content-Encoding: aes128gcm\0'), 16)
  const nonce = derive(secret, salt, Buffer.from('Content-Encoding: nonce\0'), 12)
  const decipher = createDecipheriv('aes-128-gcm', key, nonce)
  decipher.setAuthTag(record.subarray(-16))
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()])
  assert.equal(padded.at(-1), 2)
  return padded.subarray(0, -1)
}
