/**
 * Cards in a JSON file, keys included: for trying things, and for tests. The file is read anew for each question, so that another card is
 * held up by writing `onReader`. Nothing here is secret from whoever reads the file.
 *
 *   { "onReader": "04A2B3C4", "cards": [
 *       { "csn": "04A2B3C4", "type": "Seos" },                                                    only identifies
 *       { "csn": "04A2B3C4D5E680", "type": "DESFire EV2", "key": "32 hex digits" },               AES-128, CMAC
 *       { "csn": "04FFEEDDCCBBAA", "type": "Seos", "privateKey": "PKCS #8 of P-256, base64url" } ] }   ECDSA
 *
 * A missing `onReader` holds up the first card, null none. Surprise: whoever writes a file anew empties it first, so what cannot be read is
 * looked at once more before it is called malformed.
 */
import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { setTimeout as pause } from 'node:timers/promises'
import { csnOf } from '@countersign/protocol/card/csn.ts'
import { cardMessage } from '@countersign/protocol/card/message.ts'
import { Type } from 'typebox'
import Value from 'typebox/value'
import type { CardReader } from '#cli/card-reader.ts'
import { Refusal } from '#domain/refusal.ts'
import { cardCryptography } from '#keys/card-cryptography.ts'

const BEING_WRITTEN_MS = 100

const file = Type.Object({
  onReader: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  cards: Type.Array(
    Type.Object({
      csn: Type.String(),
      type: Type.String(),
      key: Type.Optional(Type.String({ pattern: '^[0-9A-Fa-f]{32}$' })),
      privateKey: Type.Optional(Type.String()),
    }),
    { maxItems: 1000 },
  ),
})

export function simulatedReader(path: string): CardReader {
  async function held() {
    const cards = await cardsIn(path)
    const { onReader = cards.cards[0]?.csn ?? null } = cards
    const csn = onReader === null ? undefined : csnOf(onReader)
    return csn === undefined ? undefined : cards.cards.find(one => csnOf(one.csn) === csn)
  }
  return {
    name: 'simulated',

    async card() {
      const card = await held()
      const csn = card && csnOf(card.csn)
      return card && csn !== undefined ? { csn, type: card.type } : undefined
    },

    async answer(situation) {
      const card = await held()
      if (!card || csnOf(card.csn) !== situation.csn) return undefined
      const message = cardMessage(situation)
      if (card.key !== undefined) {
        const digest = cardCryptography.sha256(message)
        return { answer: cardCryptography.cmac(new Uint8Array(Buffer.from(card.key, 'hex')), digest) }
      }
      if (card.privateKey === undefined) return undefined
      const key = createPrivateKey({ key: Buffer.from(card.privateKey, 'base64url'), format: 'der', type: 'pkcs8' })
      const publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' })
      return {
        answer: new Uint8Array(sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' })),
        publicKey: new Uint8Array(publicKey),
      }
    },
  }
}

async function cardsIn(path: string) {
  const value = (await jsonIn(path)) ?? (await pause(BEING_WRITTEN_MS).then(() => jsonIn(path)))
  if (value === undefined) throw new Refusal('invalid_value', `${path} is not JSON.`)
  if (!Value.Check(file, value))
    throw new Refusal('invalid_value', `${path} is no file of cards: see docs/use/card-bridge.md.`)
  return value
}

async function jsonIn(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8')
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
