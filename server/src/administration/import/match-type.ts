/**
 * Which credentials a token record becomes on a device of a given type, and which of its values differ from the
 * credential type's settings. A type with method BOTH gives one credential per allowed type over the same secret; any
 * other gives one: of the allowed type that says exactly the same, else of the default one where its algorithm fits,
 * else of the first that does. The length of codes must be the device type's or that of one of its credential types;
 * step, hash and suite are the key's own.
 */
import { RowProblem } from '#administration/import/row-problem.ts'
import type { TokenRecord } from '#administration/import/token-record.ts'
import type { CredentialType, OathCredentialType, OathSettings } from '#domain/credential-type.ts'
import type { DeviceType } from '#domain/device-type.ts'
import { settingsFault } from '#factors/oath/settings.ts'

export interface MatchedCredential {
  readonly type: string
  /** Only what differs from the type's settings. */
  readonly settings: Partial<Pick<OathSettings, 'digits' | 'hash' | 'step_seconds' | 'suite'>>
  /** The event counter that is expected first. */
  readonly next: number
  readonly drift: number
}

/** `types` are the allowed credential types, the default one first. Throws a RowProblem when none fits. */
export function matchType(
  record: TokenRecord,
  deviceType: DeviceType,
  types: readonly CredentialType[],
): readonly MatchedCredential[] {
  const oath = types.filter(type => type.factor === 'oath')
  const fitting = oath.filter(type => type.settings.algorithm === record.algorithm)
  const same = fitting.find(type => Object.keys(differences(record, type.settings)).length === 0)
  const chosen = same ?? fitting.find(type => type.code === deviceType.defaultCredentialType) ?? fitting[0]
  if (!chosen) {
    throw new RowProblem('algorithm', 'algorithm_unfit', `The device type ${deviceType.code} has no such algorithm.`)
  }
  checkLength(record, deviceType, fitting)
  const settings = differences(record, chosen.settings)
  const fault = settingsFault({ ...chosen.settings, ...settings })
  if (fault !== undefined) throw new RowProblem('algorithm', 'settings_unfit', `The key cannot be used: ${fault}.`)
  const own = { type: chosen.code, settings, ...position(record) }
  if (deviceType.token?.method !== 'BOTH') return [own]
  const others = oath.filter(type => type.settings.algorithm !== record.algorithm)
  return [own, ...others.map(type => ({ type: type.code, settings: {}, next: 0, drift: 0 }))]
}

function position(record: TokenRecord): Pick<MatchedCredential, 'next' | 'drift'> {
  return { next: record.counter ?? 0, drift: record.drift_steps ?? 0 }
}

function checkLength(record: TokenRecord, { code, token }: DeviceType, fitting: readonly OathCredentialType[]): void {
  const fixed = record.algorithm === 'OCRA' ? token?.asyncLength : token?.syncLength
  if (fixed === undefined || fixed < 0 || fixed === record.digits) return
  if (fitting.some(type => type.settings.digits === record.digits)) return
  throw new RowProblem('digits', 'digits_unfit', `Codes of the device type ${code} do not have this many digits.`)
}

function differences(record: TokenRecord, settings: OathSettings): MatchedCredential['settings'] {
  const { digits, hash, suite } = record
  // An OCRA suite without a time step makes the type's step void, so it is stated.
  const step_seconds = record.algorithm === 'OCRA' ? (record.step_seconds ?? 0) : record.step_seconds
  return {
    ...(digits !== settings.digits && { digits }),
    ...(hash !== settings.hash && { hash }),
    ...(step_seconds !== undefined && step_seconds !== settings.step_seconds && { step_seconds }),
    ...(suite !== undefined && suite !== settings.suite && { suite }),
  }
}
