/**
 * Whether a contactless card proves what it says: nothing for one that only identifies, AES-CMAC under its derived key (NXP AN10922 over
 * RFC 4493) or ECDSA over P-256. What is computed over is the SHA-256 of `cardMessage`: bound to the use, to the page, to the
 * application, to the serial number, to a nonce of this login. Pure: cryptography is the caller's.
 *
 * Surprise: a card that only identifies is accepted by whoever has found out its number, so the answer says that it is one.
 */
import { type CardSituation, cardKeyInput, cardMessage } from '@countersign/protocol/card/message.ts'
import type { CardCryptography } from '#domain/ports/card-cryptography.ts'
import type { Verifier } from '#domain/ports/verifier.ts'
import { sameBytes } from '#domain/same-text.ts'

export type CardKey =
  | { readonly proof: 'none' }
  | { readonly proof: 'cmac'; readonly masterKey: Uint8Array }
  | { readonly proof: 'ecdsa'; readonly publicKey: Uint8Array }

/** What the page handed over, and what the server asked. */
export interface CardEvidence extends Omit<CardSituation, 'nonce' | 'origin'> {
  /** As the bridge says; one that is not ours is refused, whatever was computed over it. */
  readonly origin: string | undefined
  readonly origins: readonly string[]
  /** Undefined: none was asked, or too long ago. */
  readonly nonce: Uint8Array | undefined
  readonly answer: Uint8Array | undefined
}

export interface CardTools {
  readonly cards: CardCryptography
  readonly verifier: Verifier
}

/** For the audit only: outside, all of these are one and the same answer. */
export type CardRejection = 'no_answer' | 'no_challenge' | 'origin' | 'wrong'

/** Undefined: accepted. */
export function judgeCard(
  key: CardKey,
  evidence: CardEvidence,
  { cards, verifier }: CardTools,
): CardRejection | undefined {
  if (key.proof === 'none') return undefined
  const { answer, nonce, origin, origins, use, application, csn } = evidence
  if (answer === undefined) return 'no_answer'
  // Computed in any case: a strange page or an old challenge costs what a right one costs.
  const asked = { use, application, csn, origin: origin ?? '', nonce: nonce ?? NO_NONCE }
  const fits =
    key.proof === 'cmac'
      ? sameBytes(cards.cmac(cardKey(cards, key.masterKey, application, csn), cards.sha256(cardMessage(asked))), answer)
      : verifier.verify('ES256', key.publicKey, cardMessage(asked), answer)
  if (nonce === undefined) return 'no_challenge'
  if (origin === undefined || !origins.includes(origin)) return 'origin'
  return fits ? undefined : 'wrong'
}

const NO_NONCE = new Uint8Array(32)

/** The key of one card, which is stored nowhere: derived from the application's. */
export function cardKey(cards: CardCryptography, masterKey: Uint8Array, application: string, csn: string): Uint8Array {
  return cards.cmac(masterKey, cardKeyInput(csn, cards.sha256(new TextEncoder().encode(application))))
}

/** RFC 8176: possession of a key, where one was shown; a number that anybody can read proves nothing. */
export const cardAmr = ({ proof }: CardKey): readonly string[] => (proof === 'none' ? [] : ['pop'])
