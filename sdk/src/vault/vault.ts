/**
 * Where an app keeps its containers: entries that can be stored as they are, and how a private key is kept. What protects keys by a
 * password is the same for every vault and stands in `password-lock.ts`. `change` is one atomic step, also between two tabs or
 * processes: its function is synchronous and may run again.
 */
import type { CodeKey } from '@countersign/protocol/approve/codes.ts'
import type { PasswordProtection, PolicyDocument } from '@countersign/protocol/approve/policy-document.ts'
import type { AppKeys, EcKey } from '@countersign/protocol/approve/public-key.ts'
import type { Decision } from '../container.ts'

/** AES-GCM, `b64u`. */
export interface Sealed {
  readonly iv: string
  readonly text: string
}

/** A private key as its vault keeps it: a key that cannot be exported, or PKCS #8 sealed by the key of this vault. */
export type KeptKey = CryptoKey | Sealed

/** Wrong passwords are counted here, before a password is tried. */
export interface PasswordLock {
  readonly salt: string
  /** A known text, sealed by the password and then by the key of the vault: opens for the right password only. */
  readonly check: Sealed
  readonly rounds: number
  readonly rules: PasswordProtection
  readonly attempts: number
  readonly locked_until_ms: number
}

/** The four keys of a device and its codes. Without a lock the guarded ones are kept as the others; with one they are `Sealed` twice. */
export interface KeySet {
  readonly public: AppKeys
  readonly request: KeptKey
  readonly sealing: KeptKey
  readonly logon: KeptKey
  readonly action: KeptKey
  readonly lock?: PasswordLock
  /** Seconds since 1970. */
  readonly made_at: number
}

/** A code without its secret, which stands in `KeptCodes`. */
export type CodeFacts = Omit<CodeKey, 'secret'>

export interface KeptCodes {
  readonly list: readonly CodeFacts[]
  /** JSON list of the secrets, in the order of `list`. */
  readonly secrets: Sealed
  /** The secrets are sealed by the password, too. */
  readonly locked?: true
  /** Next events of codes that count, by credential. */
  readonly events: Readonly<Record<string, number>>
}

export interface Registration {
  readonly service: string
  readonly tenant: string
  readonly device: string
  readonly uid: string
  readonly root: string
  readonly rootKey: EcKey
  readonly working: Readonly<Record<string, EcKey>>
  readonly policy: PolicyDocument
  readonly keys: KeySet
  /** Keys of a renewal whose end was not seen. */
  readonly next?: KeySet
  /** A renewal got through and its codes did not. */
  readonly interrupted?: true
  readonly call_counter: number
  readonly tx_counter: number
  readonly offset_ms: number
  readonly status: 'active' | 'pending' | 'suspended'
  readonly confirmation: string
}

export interface Entry {
  readonly id: string
  readonly kind: 'online' | 'offline'
  readonly name: string
  readonly serviceName: string
  readonly user: string
  readonly created_at: number
  readonly codes: KeptCodes
  readonly history: readonly Decision[]
  /** Online only. */
  readonly registration?: Registration
  /** Seconds since 1970: removed here, and the server does not know yet. */
  readonly removed_at?: number
}

export interface Vault {
  readonly keyProtection: 'browser' | 'file'
  /** Must a private key be exported to be kept? */
  readonly exportsKeys: boolean
  /** Seals what is kept outside of keys: AES-GCM of this browser or this home. */
  deviceKey(): Promise<CryptoKey>
  list(): Promise<readonly Entry[]>
  find(id: string): Promise<Entry | undefined>
  /** Undefined from the function removes the entry; what it throws changes nothing and comes out. */
  change(id: string, step: (entry: Entry | undefined) => Entry | undefined): Promise<Entry | undefined>
}
