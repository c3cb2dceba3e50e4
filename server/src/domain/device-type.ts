/**
 * A device type (`DT_*`): the model of a thing that a user holds, and which credential types live in it.
 * On the wire: the Device/Type resource of the configuration API with its Token extension.
 * The surprise: a type with method BOTH gives each device one credential per allowed type, over the same secret;
 * every other type gives one credential, of the default type unless the import names an allowed one.
 */
import type { MessageMethod } from '#domain/parcel.ts'

/** What the Token extension says. Lengths count characters; -1 means that this kind of code is not made. */
export interface TokenModel {
  readonly formFactor: string
  readonly method: 'SYNCHRONOUS' | 'ASYNCHRONOUS' | 'BOTH'
  readonly challengeLength: number
  readonly syncLength: number
  readonly asyncLength: number
  /** Whether a PIN of the token can be unlocked by a code of ours. */
  readonly supportsUnlock: boolean
  /** `SUPPORT_ALL` or `NOT_SUPPORTED`: whether a device that ran away can be brought back. */
  readonly supportsSynch: string
}

/** How the app guards the use of its keys. */
export type Protection =
  | { readonly kind: 'device' }
  | {
      readonly kind: 'password'
      readonly minLength: number
      readonly maxLength: number
      readonly digitsOnly: boolean
      /** Wrong passwords in a row before the app locks. */
      readonly maxAttempts: number
      readonly lock_seconds: number
    }

/** What the Push extension says: a type with it is an approve app. It reaches the app in the signed policy document. */
export interface PushModel {
  /** Codes of the credential types of its keys; `otp`, `challenge` and `signing` where it makes offline codes. */
  readonly keys: {
    readonly transport: string
    readonly logon: string
    readonly action: string
    readonly otp?: string
    readonly challenge?: string
    readonly signing?: string
  }
  readonly protection: Protection
  /** At most 50 characters. */
  readonly serviceName: string
  /** `#0b5fff` */
  readonly colour?: string
  /** Names of the fields of a transaction signature, three at most. */
  readonly labels: readonly string[]
  /** Texts of Direct Client Signatures by id, with {name} for values. */
  readonly templates: Readonly<Record<string, string>>
  readonly renewAfter_days: number
  /** Life of an invitation. */
  readonly inviteLife_seconds: number
  /** A registration stays pending until six characters are confirmed. */
  readonly activationConfirm: boolean
  /** `OPMODE`, echoed. */
  readonly operationMode: string
}

export interface DeviceType {
  readonly code: string
  readonly name: string
  readonly notes?: string
  /** A stock document: it can be copied, never changed. */
  readonly readOnly: boolean
  /** Counts the changes of a document of the tenant's own; a stock document has none. */
  readonly version?: number
  readonly manufacturer?: string
  readonly defaultCredentialType: string
  /** Always holds the default one. */
  readonly allowedCredentialTypes: readonly string[]
  /** Checked only when a further device of the type is activated for a user; -1 no limit. */
  readonly maximumDevicePerUser: number
  readonly token?: TokenModel
  readonly push?: PushModel
  /** Mailbox or telephone of a person: where codes of ours go, the usual way first. No device is made of it. */
  readonly oob?: { readonly methods: readonly MessageMethod[] }
  /** Its invitation is an `otpauth` URI and makes the device: no app of ours is needed. */
  readonly offline?: true
}
