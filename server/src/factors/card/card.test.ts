/** What a card computes over and how it is judged: vectors computed by others, and each part of the situation changed in turn. */
import { readFileSync } from 'node:fs'
import { cardKeyInput, cardMessage } from '@countersign/protocol/card/message.ts'
import { describe, expect, it } from 'vitest'
import { type CardEvidence, type CardKey, cardAmr, cardKey, judgeCard } from '#factors/card/card.ts'
import { cardCryptography } from '#keys/card-cryptography.ts'
import { KeyVerifier } from '#keys/verifier.ts'

const vectors = JSON.parse(
  readFileSync(new URL('../../../../vectors/cards/card-proof.json', import.meta.url), 'utf8'),
) as {
  cmac: { key: string; message: string; mac: string }[]
  masterKey: string
  ecdsaPublicKey: string
  proofs: (Record<
    'application' | 'csn' | 'origin' | 'challenge' | 'message' | 'digest' | 'cardKey' | 'cmac' | 'ecdsa',
    string
  > & {
    use: 'enrol' | 'sign-in'
  })[]
}
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const url = (text: string) => new Uint8Array(Buffer.from(text, 'base64url'))
const tools = { cards: cardCryptography, verifier: new KeyVerifier() }
const masterKey = hex(vectors.masterKey)
const keys = {
  cmac: { proof: 'cmac', masterKey },
  ecdsa: { proof: 'ecdsa', publicKey: url(vectors.ecdsaPublicKey) },
} as const satisfies Record<string, CardKey>

describe('AES-CMAC: RFC 4493 and the derivation of AN10922', () => {
  it.each(vectors.cmac)('$mac', ({ key, message, mac }) => {
    expect(Buffer.from(cardCryptography.cmac(hex(key), hex(message))).toString('hex')).toBe(mac)
  })

  it('takes no other key', () => expect(() => cardCryptography.cmac(new Uint8Array(32), new Uint8Array())).toThrow())
})

describe.each(vectors.proofs)('$use of $csn for $application at $origin', vector => {
  const { use, origin, application, csn, challenge } = vector
  const nonce = url(challenge)
  const evidence = (answer: string): CardEvidence => ({
    ...{ use, origin, application, csn, nonce, answer: url(answer) },
    origins: [origin],
  })

  it('has this message, digest and key', () => {
    const message = cardMessage({ use, origin, application, csn, nonce })
    expect(Buffer.from(message).toString('hex')).toBe(vector.message)
    expect(Buffer.from(cardCryptography.sha256(message)).toString('hex')).toBe(vector.digest)
    expect(Buffer.from(cardKey(cardCryptography, masterKey, application, csn)).toString('hex')).toBe(vector.cardKey)
  })

  it.each(['cmac', 'ecdsa'] as const)('%s: is right, and wrong with anything changed', kind => {
    const right = evidence(vector[kind])
    expect(judgeCard(keys[kind], right, tools)).toBeUndefined()
    const flipped = url(vector[kind])
    flipped[3] = (flipped[3] ?? 0) ^ 1
    const changed: readonly (readonly [Partial<CardEvidence>, string])[] = [
      [{ use: use === 'enrol' ? 'sign-in' : 'enrol' }, 'wrong'],
      [{ origin: 'https://evil.example', origins: ['https://evil.example'] }, 'wrong'],
      [{ origin: 'https://evil.example' }, 'origin'],
      [{ origin: undefined }, 'origin'],
      [{ application: `${application}X` }, 'wrong'],
      [{ csn: csn.replace(/.$/, last => (last === '0' ? '1' : '0')) }, 'wrong'],
      [{ nonce: new Uint8Array(32) }, 'wrong'],
      [{ nonce: undefined }, 'no_challenge'],
      [{ answer: undefined }, 'no_answer'],
      [{ answer: new Uint8Array() }, 'wrong'],
      [{ answer: flipped }, 'wrong'],
      [{ answer: Uint8Array.of(...url(vector[kind]), 0) }, 'wrong'],
      [{ answer: url(vector[kind]).slice(0, -1) }, 'wrong'],
    ]
    for (const [change, reason] of changed) expect(judgeCard(keys[kind], { ...right, ...change }, tools)).toBe(reason)
  })
})

describe('a card without proof', () => {
  it('is what it says, and has no method of its own', () => {
    const bare = {
      use: 'sign-in',
      application: 'A',
      csn: '04A2B3C4',
      origin: undefined,
      origins: [],
      nonce: undefined,
      answer: undefined,
    } as const
    expect(judgeCard({ proof: 'none' }, bare, tools)).toBeUndefined()
    expect(cardAmr({ proof: 'none' })).toEqual([])
    expect(cardAmr(keys.cmac)).toEqual(['pop'])
  })
})

it('the input of the derivation is longer than one block and no longer than two, so that it is plain CMAC', () => {
  for (const csn of ['04A2B3C4', '0102030405060708090A']) {
    const { length } = cardKeyInput(csn, new Uint8Array(32))
    expect(length > 16 && length <= 32).toBe(true)
  }
})
