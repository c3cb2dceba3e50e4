/** The card bridge, a program beside the browser that holds the card reader (docs/use/card-bridge.md): where it listens, what it says. */
import type { CardUse } from './message.ts'

export const BRIDGE_PORT = 47_110
export const BRIDGE_VERSION = 1

export const BRIDGE_PATHS = { status: '/v1/status', pair: '/v1/pair', card: '/v1/card', answer: '/v1/answer' } as const

/** GET `status`. */
export interface BridgeStatus {
  readonly bridge: 'countersign'
  readonly version: number
  /** `simulated`, or the reader's name. */
  readonly reader: string
  /** Whether the token of the call is one that was given out. */
  readonly paired: boolean
}

/** A card on the reader. */
export interface CardOnReader {
  readonly csn: string
  readonly type: string
}

/** POST `answer`: what the card shall answer. Its origin is the one that the browser names, never one of the body. */
export interface AnswerWanted {
  readonly csn: string
  readonly application: string
  readonly use: CardUse
  /** base64url, 32 bytes. */
  readonly challenge: string
}

/** Texts are base64url, but for the origin. */
export interface CardAnswer {
  readonly origin: string
  readonly answer: string
  /** Of cards with a key pair. */
  readonly publicKey?: string
}
