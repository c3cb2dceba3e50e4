/** The bank's own check of what was signed: one statement that holds, and every way in which one does not. */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { checkStatement, type PinnedKey, thumbprintOf } from '../src/signed-statement.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const text = '{Payee,Rosa Lund},{Amount,250.00 EUR}'
const approved = { clientapprovalstatus: 'accept', tds: text, txcounter: '7' }
const headed = { typ: 'JWT', alg: 'RS512', purpose: 'action', transaction: '1', device: '11845', number: '42' }

interface Keys {
  readonly privateKey: KeyObject
  readonly publicKey: KeyObject
}

function claims(payload: object = approved, more: object = {}, keys: Keys = rsa) {
  const header = { ...headed, ...(keys === curve ? { alg: 'ES256' } : {}), ...more }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${part(header)}.${part(payload)}`
  const digest = keys === curve ? 'sha256' : 'sha512'
  const signature = sign(digest, Buffer.from(signed), { key: keys.privateKey, dsaEncoding: 'ieee-p1363' })
  return {
    deviceid: 11845,
    JWS: `${signed}.${signature.toString('base64url')}`,
    PUK: keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  }
}
const check = (given: Record<string, unknown>, keys = new Map<string, PinnedKey>()) =>
  checkStatement(given, { text, number: '42', keys })

describe('holds', () => {
  it.each([
    ['RS512', rsa],
    ['ES256', curve],
  ])('by %s, and the key is known from then on', (algorithm, pair) => {
    const keys = new Map<string, PinnedKey>()
    const thumbprint = thumbprintOf(pair.publicKey)
    expect(check(claims(approved, {}, pair), keys)).toMatchObject({
      algorithm,
      thumbprint,
      counter: 7,
      device: '11845',
    })
    expect(keys.get('11845')).toEqual({ thumbprint, counter: 7 })
    expect(() => check(claims({ ...approved, txcounter: '8' }, {}, pair === rsa ? curve : rsa), keys)).toThrow(
      'the key',
    )
    expect(() => check(claims(approved, {}, pair), keys)).toThrow('the counter was used before')
    expect(check(claims({ ...approved, txcounter: '8' }, {}, pair), keys).counter).toBe(8)
  })

  it('the thumbprint is that of RFC 7638, section 3.1', async () => {
    const { createPublicKey } = await import('node:crypto')
    const n =
      '0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMs' +
      'tn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw'
    const key = createPublicKey({ key: { kty: 'RSA', n, e: 'AQAB' }, format: 'jwk' })
    expect(thumbprintOf(key)).toBe('NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs')
  })
})

describe('does not hold', () => {
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 })
  it.each([
    ['without a statement', { ...claims(), JWS: undefined }, 'nothing was signed'],
    ['another text', claims({ ...approved, tds: '{Payee,Mallory}' }), 'another text'],
    ['a no', claims({ ...approved, clientapprovalstatus: 'deny' }), 'no approval'],
    ['more members', claims({ ...approved, more: '1' }), 'other members'],
    ['another purpose', claims(approved, { purpose: 'logon' }), 'purpose'],
    ['another number', claims(approved, { number: '43' }), 'number'],
    ['no number', claims(approved, { number: undefined }), 'number'],
    ['another device', claims(approved, { device: '2' }), 'another phone'],
    ['no algorithm', claims(approved, { alg: 'none' }), 'algorithm'],
    ['an algorithm of the other kind of key', claims(approved, { alg: 'ES256' }), 'algorithm'],
    ['a key that did not sign', { ...claims(), PUK: claims(approved, {}, other).PUK }, 'signature'],
    ['a fourth part', { ...claims(), JWS: `${claims().JWS}.x` }, 'no JWS'],
  ])('%s', (_, given, words) => {
    const keys = new Map<string, PinnedKey>()
    expect(() => check(given, keys)).toThrow(words)
    expect(keys.size).toBe(0)
  })
})
