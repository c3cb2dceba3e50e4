/**
 * A kind of contactless card (CardAuth application of the reference): which serial numbers, of which makes, prove what. Its policy, device
 * type and credential type are not stored: they follow from this document, so they come and go with it in one commit.
 * The surprise: a serial number (CSN, UID) is no secret. Any reader reads it and any emulator plays it back, so that an application
 * without `proof` only identifies: lowest level, never an acr of a workflow. See docs/card-protocol.md.
 */
import type { CardCredentialType } from '#domain/credential-type.ts'
import type { DeviceType } from '#domain/device-type.ts'
import type { Policy } from '#domain/policy.ts'

/** What a card computes over a challenge: a MAC under a key derived from the application's master key, or a signature of its own key. */
export type CardProof = 'cmac' | 'ecdsa'

export interface CardApplication {
  readonly code: string
  readonly name: string
  readonly notes?: string
  /** Counts the changes of a document of the tenant's own. */
  readonly version?: number
  /** Makes of cards, as a reader names them: `Seos`. */
  readonly types: readonly string[]
  /** Absent: its cards only identify. */
  readonly proof?: CardProof
  /** `masterKey` of cmac, sealed to its `secretPlace`, in base64url. */
  readonly secrets?: Readonly<Record<string, string>>
  readonly deviceName: string
  readonly deviceNotes?: string
  readonly maximumDevicePerUser: number
  readonly rules: CardRules
}

/** What the application says of its policy. */
export type CardRules = Pick<
  Policy,
  'disableThreshold' | 'disabledTimeReset_seconds' | 'defaultExpiryThreshold' | 'sessionIdle_ms' | 'sessionValid_ms'
> & { readonly levelOfAssurance?: string }

export const cardPolicyCode = (application: string) => `${application}_AT_CARD`
export const cardDeviceTypeCode = (application: string) => `${application}_DT_CARD`
export const cardCredentialTypeCode = (application: string) => `${application}_CT_CARD`

/** The stock policy by which workflows name a card of whichever application. */
export const ANY_CARD = 'AT_CARD'

export function cardPolicy(any: Policy, { code, name, proof, rules }: CardApplication): Policy {
  const { levelOfAssurance, ...own } = rules
  const policy = cardPolicyCode(code)
  const named = `urn:hidaaas:policy:${policy.toLowerCase()}`
  return {
    ...any,
    ...own,
    code: policy,
    name,
    notes:
      proof === undefined
        ? 'Its cards only identify: their serial number is no secret.'
        : `Its cards prove by ${proof}.`,
    level: proof === undefined ? 1 : 3,
    // A level of one's own is for cards that prove something.
    levelOfAssurance: proof === undefined ? named : (levelOfAssurance ?? named),
  }
}

export function cardDeviceType({ code, deviceName, deviceNotes, maximumDevicePerUser }: CardApplication): DeviceType {
  const credentialType = cardCredentialTypeCode(code)
  return {
    code: cardDeviceTypeCode(code),
    name: deviceName,
    ...(deviceNotes === undefined ? {} : { notes: deviceNotes }),
    readOnly: true,
    defaultCredentialType: credentialType,
    allowedCredentialTypes: [credentialType],
    maximumDevicePerUser,
  }
}

export const cardCredentialType = ({ code, name }: CardApplication): CardCredentialType => ({
  code: cardCredentialTypeCode(code),
  name,
  readOnly: true,
  factor: 'card',
})
