/** A card as a page hands it over: the shape alone, apart from the arithmetic that pages load. */
import { Type } from 'typebox'
import { LONGEST_PRINTED } from './csn.ts'

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
