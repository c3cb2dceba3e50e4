/**
 * From a read file to what would be written: types matched, double external ids found, dates and status settled.
 * Pure but for the ids of devices that exist, which the caller looks up. Nothing is sealed or numbered yet.
 */
import { type MatchedCredential, matchType } from '#administration/import/match-type.ts'
import { RowProblem } from '#administration/import/row-problem.ts'
import { externalIdOf, type ImportReport, type Problem, type TokenRecord } from '#administration/import/token-record.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { CredentialType } from '#domain/credential-type.ts'
import type { DeviceType } from '#domain/device-type.ts'
import { Refusal } from '#domain/refusal.ts'

export interface PlannedDevice {
  readonly record: TokenRecord
  readonly externalId: string
  readonly startAt_ms: number
  readonly expiryAt_ms: number | null
  readonly credentials: readonly MatchedCredential[]
}

export interface ImportPlan {
  readonly devices: readonly PlannedDevice[]
  readonly problems: readonly Problem[]
}

/** What the caller says for all devices of the file. */
export interface ImportTerms {
  /** Replaces the expiry of every record. */
  readonly expiryAt_ms?: number
}

export interface TargetType {
  readonly deviceType: DeviceType
  /** Allowed credential types that exist, the default one first. */
  readonly credentialTypes: readonly CredentialType[]
}

/** Refuses what no row could be imported into. */
export function loadTarget(configuration: Configuration, code: string): TargetType {
  const deviceType = configuration.findDeviceType(code)
  if (!deviceType) {
    if (configuration.findAbsence(code)) throw new Refusal('algorithm_absent')
    throw new Refusal('invalid_value', 'There is no device type with this code.')
  }
  const { defaultCredentialType, allowedCredentialTypes } = deviceType
  const codes = [...new Set([defaultCredentialType, ...allowedCredentialTypes])]
  const credentialTypes = codes
    .map(type => configuration.findCredentialType(type))
    .filter(type => type?.factor === 'oath') as CredentialType[]
  if (credentialTypes.length > 0) return { deviceType, credentialTypes }
  if (codes.some(type => configuration.findAbsence(type))) throw new Refusal('algorithm_absent')
  throw new Refusal('unsupported_value', 'Devices of this type hold no OATH key, so none can be imported.')
}

export function planImport(report: ImportReport, target: TargetType, terms: ImportTerms, now_ms: number): ImportPlan {
  const devices: PlannedDevice[] = []
  const problems = [...report.problems]
  const seen = new Set<string>()
  for (const record of report.records) {
    const externalId = externalIdOf(record)
    try {
      if (seen.has(externalId.toLowerCase())) {
        throw new RowProblem('serial', 'duplicate', `The file has the device ${externalId} twice.`)
      }
      seen.add(externalId.toLowerCase())
      const credentials = matchType(record, target.deviceType, target.credentialTypes)
      devices.push({ record, externalId, ...datesOf(record, terms, now_ms), credentials })
    } catch (error) {
      if (!(error instanceof RowProblem)) throw error
      problems.push(error.at(record.row))
    }
  }
  return { devices, problems: byRow(problems) }
}

function datesOf(record: TokenRecord, terms: ImportTerms, now_ms: number) {
  const startAt_ms = record.start_at_ms ?? now_ms
  const expiryAt_ms = terms.expiryAt_ms ?? record.expiry_at_ms ?? null
  if (expiryAt_ms === null || startAt_ms < expiryAt_ms) return { startAt_ms, expiryAt_ms }
  throw new RowProblem('expiry', 'dates_in_wrong_order', 'The start date (or now) must be before the expiry date.')
}

/** Takes out the devices that the tenant already has and says so; `taken` holds external ids in any case of letters. */
export function withoutExisting(plan: ImportPlan, taken: readonly string[]): ImportPlan {
  if (taken.length === 0) return plan
  const known = new Set(taken.map(externalId => externalId.toLowerCase()))
  const isKnown = ({ externalId }: PlannedDevice) => known.has(externalId.toLowerCase())
  const exists = plan.devices.filter(isKnown).map(({ record, externalId }) => ({
    row: record.row,
    where: 'serial',
    code: 'exists',
    sentence: `A device ${externalId} of this type exists already.`,
  }))
  return { devices: plan.devices.filter(device => !isKnown(device)), problems: byRow([...plan.problems, ...exists]) }
}

function byRow(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort((one, other) => one.row - other.row)
}
