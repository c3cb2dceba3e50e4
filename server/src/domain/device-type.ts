/**
 * A device type (`DT_*`): the model of a thing that a user holds, and which credential types live in it.
 * On the wire: the Device/Type resource of the configuration API with its Token extension.
 * The surprise: a type with method BOTH gives each device one credential per allowed type, over the same secret;
 * every other type gives one credential, of the default type unless the import names an allowed one.
 */

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

export interface DeviceType {
  readonly code: string
  readonly name: string
  readonly notes?: string
  /** A stock document: it can be copied, never changed. */
  readonly readOnly: boolean
  readonly manufacturer?: string
  readonly defaultCredentialType: string
  /** Always holds the default one. */
  readonly allowedCredentialTypes: readonly string[]
  /** Checked only when a further device of the type is activated for a user; -1 no limit. */
  readonly maximumDevicePerUser: number
  readonly token?: TokenModel
}
