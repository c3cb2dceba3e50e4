/** Signatures by each algorithm: the library's own check is the opponent, over good ones and over ones with a bit turned. */
import { verifySignature } from '@simplewebauthn/server/helpers'
import { expect, test } from 'vitest'
import { coseKey, makeKey, signBy } from '../../../test/passkeys/authenticator.ts'
import { isSignedBy } from './key-signature.ts'

const signed = new Uint8Array(Buffer.from('what an authenticator signs'))

test.each(['ES256', 'ES384', 'EdDSA', 'RS256'] as const)('%s', async algorithm => {
  const { privateKey, publicKey } = makeKey(algorithm)
  const cose = coseKey(publicKey, algorithm)
  const good = signBy(privateKey, algorithm, signed)
  expect(await isSignedBy(cose, signed, good)).toBe(true)
  expect(await isSignedBy(Buffer.from(cose).toString('base64url'), signed, good)).toBe(true)
  expect(await isSignedBy(cose, signed.subarray(1), good)).toBe(false)
  expect(await isSignedBy(cose, signed, new Uint8Array())).toBe(false)
  for (let bit = 0; bit < good.length * 8; bit += 7) {
    const signature = new Uint8Array(good)
    signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    const ours = await isSignedBy(cose, signed, signature)
    expect(ours).toBe(false)
    // It throws at once for what it cannot read, and takes numbers of ECDSA that are not spelled as DER.
    const ask = async () => verifySignature({ signature, data: signed, credentialPublicKey: new Uint8Array(cose) })
    const isSpelling = algorithm.startsWith('ES') && bit < 40
    if (!isSpelling) expect(await ask().catch(() => false)).toBe(false)
  }
})

test('a point that is not on its curve is no key', async () => {
  const cose = Buffer.from(coseKey(makeKey('ES256').publicKey, 'ES256'))
  cose[cose.length - 1] = (cose[cose.length - 1] ?? 0) ^ 1
  await expect(isSignedBy(cose, signed, new Uint8Array(70))).rejects.toThrow()
})
