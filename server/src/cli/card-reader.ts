/** A card reader, as the card bridge uses one: which card is held up, and what it answers to a challenge. */
import type { CardOnReader } from '@countersign/protocol/card/bridge.ts'
import type { CardSituation } from '@countersign/protocol/card/message.ts'

export interface CardReader {
  readonly name: string
  /** The card that is held up now. */
  card(): Promise<CardOnReader | undefined>
  /** Undefined when the card is gone, or answers nothing. */
  answer(
    situation: CardSituation,
  ): Promise<{ readonly answer: Uint8Array; readonly publicKey?: Uint8Array } | undefined>
}
