/**
 * One key of a hardware token as an import file tells it, whatever the format: PSKC (RFC 6030) or CSV.
 * One record becomes one Device, because every key slot of a token is a device of its own; `externalIdOf` names it.
 * The secret stands here in clear: a record lives in memory between reading and sealing and is never logged.
 */
export type Algorithm = 'HOTP' | 'TOTP' | 'OCRA'
export type HashName = 'SHA1' | 'SHA256' | 'SHA512'

export interface TokenRecord {
  /** Where it stood: the line of a CSV file, the number of the key in a PSKC file; both count from 1. */
  readonly row: number
  readonly serial: string
  /** 1 for the first key of a device, 2 for the second … */
  readonly slot: number
  readonly manufacturer?: string
  readonly algorithm: Algorithm
  readonly hash: HashName
  readonly digits: number
  readonly secret: Uint8Array
  /** Smallest event counter that was never used. */
  readonly counter?: number
  readonly step_seconds?: number
  /** The token's clock against ours, in time steps; negative when the token is slow. */
  readonly drift_steps?: number
  readonly suite?: string
  readonly start_at_ms?: number
  readonly expiry_at_ms?: number
  readonly friendlyName?: string
}

/** Why one row cannot be imported. Holds places and reasons, never a value out of the file. */
export interface Problem {
  readonly row: number
  readonly where: string
  readonly code: string
  readonly sentence: string
}

export interface ImportReport {
  readonly records: readonly TokenRecord[]
  readonly problems: readonly Problem[]
}

export const MAX_FILE_BYTES = 16 * 1024 * 1024

/** The external id of a device: `0973494699-1`. */
export function externalIdOf(record: Pick<TokenRecord, 'serial' | 'slot'>): string {
  return `${record.serial}-${record.slot}`
}
