/**
 * Serial numbers of contactless cards (CSN, UID; ISO/IEC 14443-3, ISO/IEC 15693): 4 to 10 bytes. Readers print them in many ways; here
 * they are hexadecimal, capitals, nothing between, and compared as such. Whoever prints the bytes in another order has another card.
 */
import { Type } from 'typebox'

const form = /^(?:[0-9A-F]{2}){4,10}$/
const LONGEST_PRINTED = 40

/** Undefined for what is no serial number. */
export function csnOf(printed: string): string | undefined {
  if (printed.length > LONGEST_PRINTED) return undefined
  const csn = printed.replace(/[:\- ]/g, '').toUpperCase()
  return form.test(csn) ? csn : undefined
}

/** A card as a page hands it over: `credential` of `enroll/card`, `password` of `code`. */
export const presentedCard = Type.Object(
  {
    csn: Type.String({ maxLength: LONGEST_PRINTED, description: 'Serial number, hexadecimal: `04A2B3C4`.' }),
    type: Type.String({ maxLength: 64, description: 'Make, as the application names it: `Seos`.' }),
    application: Type.Optional(
      Type.String({ maxLength: 64, description: 'Missing means the one application that fits.' }),
    ),
    origin: Type.Optional(
      Type.String({
        maxLength: 255,
        description: 'Of the page that held the reader, as the bridge saw it; with `answer`.',
      }),
    ),
    answer: Type.Optional(
      Type.String({
        maxLength: 128,
        description: 'What the card made of the challenge, base64url: docs/card-protocol.md.',
      }),
    ),
    publicKey: Type.Optional(Type.String({ maxLength: 256, description: 'Enrolment with ecdsa: SPKI, base64url.' })),
  },
  { additionalProperties: true },
)
