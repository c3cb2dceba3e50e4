/**
 * What a card computes over (docs/card-protocol.md): the use, the page's origin, the application, the serial number and the server's nonce,
 * each with its length before it, so that no two situations have one text. The card gets its SHA-256 and answers with AES-CMAC
 * (RFC 4493) or with ECDSA over P-256 (raw r ‖ s). Pure; hashing is the caller's.
 */
import { utf8 } from '../approve/utf8.ts'

export type CardUse = 'enrol' | 'sign-in'

export interface CardSituation {
  readonly use: CardUse
  /** Of the page: `https://id.example.org`. */
  readonly origin: string
  readonly application: string
  /** As `csnOf` gives it. */
  readonly csn: string
  /** 32 bytes. */
  readonly nonce: Uint8Array
}

const HEAD = 'countersign card proof 1\0'
const USES: Readonly<Record<CardUse, number>> = { enrol: 1, 'sign-in': 2 }

export function cardMessage({ use, origin, application, csn, nonce }: CardSituation): Uint8Array {
  return joined([
    utf8(HEAD),
    Uint8Array.of(USES[use]),
    ...[utf8(origin), utf8(application), bytesOfHex(csn), nonce].flatMap(part => [lengthOf(part), part]),
  ])
}

/**
 * Input of the derivation of a card's own AES-128 key from the application's: NXP AN10922 section 2.2, UID first, then 20 bytes of
 * SHA-256 of the application's id. With 24 to 30 bytes it never needs that note's own padding: it is CMAC as it is.
 */
export function cardKeyInput(csn: string, applicationHash: Uint8Array): Uint8Array {
  return joined([Uint8Array.of(1), bytesOfHex(csn), applicationHash.subarray(0, 20)])
}

export function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, n) => Number.parseInt(hex.slice(2 * n, 2 * n + 2), 16))
}

const lengthOf = ({ length }: Uint8Array) => Uint8Array.of(length >> 8, length & 0xff)

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
