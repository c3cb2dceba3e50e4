/** A card as a page hands it over, an object or its JSON text; undefined for whatever is none. Nothing of it is believed. */
import { csnOf } from '@countersign/protocol/card/csn.ts'
import { presentedCard } from '@countersign/protocol/card/presented.ts'
import Value from 'typebox/value'

export interface PresentedCard {
  /** As `csnOf` gives it. */
  readonly csn: string
  readonly type: string
  readonly application: string | undefined
  readonly origin: string | undefined
  readonly answer: Uint8Array | undefined
  readonly publicKey: Uint8Array | undefined
}

const LONGEST = 2048

export function readCard(given: unknown): PresentedCard | undefined {
  const value = typeof given === 'string' ? parsed(given) : given
  if (!Value.Check(presentedCard, value)) return undefined
  const csn = csnOf(value.csn)
  if (csn === undefined) return undefined
  const { type, application, origin, answer, publicKey } = value
  return { csn, type, application, origin, answer: bytesOf(answer), publicKey: bytesOf(publicKey) }
}

function parsed(text: string): unknown {
  if (text.length > LONGEST) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** base64url without padding, one text for one value. */
function bytesOf(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || text === '') return undefined
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? new Uint8Array(bytes) : new Uint8Array()
}
