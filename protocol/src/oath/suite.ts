/**
 * The OCRA suite: the text that says how a challenge is answered, `OCRA-1:HOTP-SHA1-6:QN08` (RFC 6287 section 6).
 *
 * The text itself is part of what is hashed, so two spellings of one meaning are two different suites: it is kept as
 * written, and case or padding are never repaired. The one-digit length of the RFC's own example (QH8) is read.
 * A step of zero hours, which table 3 permits, has no meaning and is refused.
 */
import type { HashName } from './hmac.ts'

export type QuestionFormat = 'A' | 'N' | 'H'

export interface Suite {
  readonly text: string
  readonly hash: HashName
  /** 4 to 10, or 0 for the whole HMAC value. */
  readonly digits: number
  readonly counter: boolean
  /** `length` is the most one party may ask, in characters. */
  readonly question: { readonly format: QuestionFormat; readonly length: number }
  readonly pinHash?: HashName
  readonly session_bytes?: number
  readonly step_seconds?: number
}

const MAX_TEXT = 64
const MAX_SESSION_BYTES = 512
const SECONDS = { S: 1, M: 60, H: 3600 } as const

const grammar = new RegExp(
  [
    /^OCRA-1:HOTP-(?<hash>SHA1|SHA256|SHA512)-(?<digits>0|[4-9]|10):/,
    /(?<counter>C-)?Q(?<format>[ANH])(?<length>0?[4-9]|[1-5][0-9]|6[0-4])/,
    /(?:-P(?<pinHash>SHA1|SHA256|SHA512))?(?:-S(?<session>[0-9]{3}))?/,
    /(?:-T(?:(?<short>[1-9]|[1-5][0-9])(?<unit>[SM])|(?<hours>[1-9]|[1-3][0-9]|4[0-8])H))?$/,
  ]
    .map(part => part.source)
    .join(''),
)

/** The suite a text names, or undefined when it is not one. */
export function parseSuite(text: string): Suite | undefined {
  if (text.length > MAX_TEXT) return undefined
  const found = grammar.exec(text)?.groups
  if (!found) return undefined

  const session_bytes = found.session === undefined ? undefined : Number(found.session)
  if (session_bytes !== undefined && (session_bytes < 1 || session_bytes > MAX_SESSION_BYTES)) return undefined
  const step_seconds = stepOf(found)
  return {
    text,
    hash: found.hash as HashName,
    digits: Number(found.digits),
    counter: found.counter !== undefined,
    question: { format: found.format as QuestionFormat, length: Number(found.length) },
    ...(found.pinHash === undefined ? {} : { pinHash: found.pinHash as HashName }),
    ...(session_bytes === undefined ? {} : { session_bytes }),
    ...(step_seconds === undefined ? {} : { step_seconds }),
  }
}

function stepOf(found: Record<string, string | undefined>): number | undefined {
  if (found.hours !== undefined) return Number(found.hours) * SECONDS.H
  if (found.short !== undefined) return Number(found.short) * SECONDS[found.unit as 'S' | 'M']
  return undefined
}
