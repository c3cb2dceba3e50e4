/** RFC 8291 against its own example, and against an implementation that shares nothing with ours. */
import { createECDH } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import * as jose from 'jose'
import { describe, expect, test } from 'vitest'
import { pointOf } from '#delivery/conformance/web-push-candidate.ts'
import { encryptMessage, newSender } from '#delivery/web-push/encrypt.ts'
import { vapid } from '#delivery/web-push/vapid.ts'

const ece = createRequire(import.meta.url)('http_ece') as { decrypt(body: Uint8Array, parameters: object): Buffer }
const vector = JSON.parse(readFileSync(new URL('../../../../vectors/web-push.json', import.meta.url), 'utf8'))
const bytes = (text: string) => Buffer.from(text, 'base64url')
const senderOf = (secret: string) => {
  const sender = createECDH('prime256v1')
  sender.setPrivateKey(bytes(secret))
  return sender
}
const to = { p256dh: vector.app_public, auth: vector.auth }

test('RFC 8291 section 5: the example, byte for byte', () => {
  const sender = senderOf(vector.sender_private)
  expect(sender.getPublicKey('base64url')).toBe(vector.sender_public)
  const body = encryptMessage(Buffer.from(vector.plaintext), to, { sender, salt: bytes(vector.salt) })
  expect(Buffer.from(body ?? []).toString('base64url')).toBe(vector.body)
})

test.each([0, 1, 41, 2048, 3993])('a message of %i bytes is opened by http_ece', length => {
  const message = Buffer.alloc(length, 'm')
  const app = createECDH('prime256v1')
  const p256dh = app.generateKeys('base64url')
  const body = encryptMessage(message, { ...to, p256dh }, { sender: newSender(), salt: bytes(vector.salt) })
  expect(body?.length).toBe(86 + length + 17)
  expect(
    ece.decrypt(body ?? Buffer.alloc(0), { version: 'aes128gcm', privateKey: app, authSecret: vector.auth }),
  ).toEqual(message)
})

test.each([
  ['a point off the curve', { ...to, p256dh: bytes(vector.app_public).fill(7, 1).toString('base64url') }],
  ['the point at infinity', { ...to, p256dh: 'AA' }],
  ['a compressed point', { ...to, p256dh: createECDH('prime256v1').generateKeys('base64url', 'compressed') }],
  ['no point', { ...to, p256dh: '' }],
  ['a short secret', { ...to, auth: 'AAAA' }],
])('%s makes no message', (_, subscription) => {
  expect(
    encryptMessage(Buffer.from('m'), subscription, { sender: newSender(), salt: bytes(vector.salt) }),
  ).toBeUndefined()
})

test('a message too long for one record is none', () => {
  const moment = { sender: newSender(), salt: bytes(vector.salt) }
  expect(encryptMessage(Buffer.alloc(3994), to, moment)).toBeUndefined()
})

describe('RFC 8292', () => {
  const NOW = 1_780_000_000_000

  test.each(['KeyObject', 'JWK'])('a token by a %s, about the origin alone', async form => {
    const { privateKey, publicKey } = await jose.generateKeyPair('ES256', { extractable: true })
    const jwk = await jose.exportJWK(privateKey)
    const { createPrivateKey } = await import('node:crypto')
    const key = form === 'JWK' ? jwk : createPrivateKey({ key: jwk, format: 'jwk' })
    const keys = { privateKey: key as never, publicKey: pointOf(jwk), contact: 'mailto:operator@example.com' }
    const header = vapid(keys, 'https://push.example:8443/send/abc?d=e', NOW)
    const [, token = '', k] = /^vapid t=([^,]+), k=(.+)$/.exec(header) ?? []
    const { payload, protectedHeader } = await jose.jwtVerify(token, publicKey, { currentDate: new Date(NOW) })
    expect(protectedHeader).toEqual({ typ: 'JWT', alg: 'ES256' })
    expect(payload).toEqual({
      aud: 'https://push.example:8443',
      exp: NOW / 1000 + 43_200,
      sub: 'mailto:operator@example.com',
    })
    expect(k).toBe(keys.publicKey)
  })
})
