/** Keys of devices: however they are written, the same signatures fit, and others do not. */
import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { KeyVerifier } from '#keys/verifier.ts'

const text = Buffer.from('what is signed')
const spkiOf = (key: KeyObject) => createPublicKey(key).export({ format: 'der', type: 'spki' })
const rsa = (modulusLength: number, publicExponent = 65537) =>
  generateKeyPairSync('rsa', { modulusLength, publicExponent }).privateKey
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey
const rs512 = (key: KeyObject) => sign('sha512', text, key)
const es256 = (key: KeyObject) => sign('sha256', text, { key, dsaEncoding: 'ieee-p1363' })

describe('RS512', () => {
  test.each([
    ['2048 bits', rsa(2048)],
    ['3072 bits, which no form here knows', rsa(3072)],
    ['another exponent', rsa(2048, 17)],
  ])('%s', (_, key) => {
    const verifier = new KeyVerifier()
    for (let n = 0; n < 2; n++) {
      expect(verifier.verify('RS512', spkiOf(key), text, rs512(key))).toBe(true)
      expect(verifier.verify('RS512', spkiOf(key), Buffer.from('another text'), rs512(key))).toBe(false)
      expect(verifier.verify('RS512', spkiOf(rsa(2048)), text, rs512(key))).toBe(false)
    }
  })
})

test('ES256', () => {
  const verifier = new KeyVerifier()
  const key = ec('P-256')
  expect(verifier.verify('ES256', spkiOf(key), text, es256(key))).toBe(true)
  expect(verifier.verify('ES256', spkiOf(key), Buffer.from('another text'), es256(key))).toBe(false)
  expect(verifier.verify('ES256', spkiOf(ec('P-256')), text, es256(key))).toBe(false)
  expect(verifier.verify('ES256', spkiOf(key), text, sign('sha256', text, key))).toBe(false)
})

test('no key of another kind, no point beside the curve, no bytes at all', () => {
  const verifier = new KeyVerifier()
  const key = ec('P-256')
  expect(verifier.verify('RS512', spkiOf(key), text, es256(key))).toBe(false)
  const beside = Buffer.from(spkiOf(key))
  beside[beside.length - 1] = (beside.at(-1) ?? 0) ^ 1
  expect(verifier.verify('ES256', beside, text, es256(key))).toBe(false)
  expect(verifier.verify('ES256', Buffer.alloc(91), text, es256(key))).toBe(false)
  expect(verifier.verify('ES256', Buffer.alloc(0), text, es256(key))).toBe(false)
})
