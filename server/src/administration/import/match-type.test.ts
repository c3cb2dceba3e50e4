import { describe, expect, test } from 'vitest'
import { matchType } from '#administration/import/match-type.ts'
import type { TokenRecord } from '#administration/import/token-record.ts'
import type { CredentialType, OathSettings } from '#domain/credential-type.ts'
import type { DeviceType, TokenModel } from '#domain/device-type.ts'

const secret = new Uint8Array(20)
const hotp: TokenRecord = {
  row: 1,
  serial: 'A',
  slot: 1,
  algorithm: 'HOTP',
  hash: 'SHA1',
  digits: 6,
  secret,
  counter: 5,
}
const totp: TokenRecord = {
  row: 1,
  serial: 'A',
  slot: 1,
  algorithm: 'TOTP',
  hash: 'SHA1',
  digits: 6,
  secret,
  step_seconds: 30,
}
const SUITE = 'OCRA-1:HOTP-SHA1-6:QN08'
const ocra: TokenRecord = { ...hotp, algorithm: 'OCRA', suite: SUITE, counter: 0 }

function credentialType(code: string, settings: Partial<OathSettings>): CredentialType {
  const plain = {
    algorithm: 'TOTP',
    hash: 'SHA1',
    digits: 6,
    window: 1,
    resync_window: 9,
    use: 'otp',
    joiner: '',
  } as const
  return { code, name: code, readOnly: true, factor: 'oath', settings: { ...plain, step_seconds: 30, ...settings } }
}

function deviceType(token: Partial<TokenModel> = {}): DeviceType {
  const model = {
    formFactor: 'TOKEN',
    method: 'SYNCHRONOUS',
    challengeLength: -1,
    syncLength: 6,
    asyncLength: 6,
  } as const
  return {
    code: 'DT_X',
    name: 'X',
    readOnly: false,
    defaultCredentialType: 'CT_T6',
    allowedCredentialTypes: ['CT_T6'],
    maximumDevicePerUser: -1,
    token: { ...model, supportsUnlock: false, supportsSynch: 'SUPPORT_ALL', ...token },
  }
}

const time6 = credentialType('CT_T6', {})
const time8 = credentialType('CT_T8', { digits: 8 })
const challenge = credentialType('CT_C', { algorithm: 'OCRA', suite: SUITE, step_seconds: 0, use: 'challenge' })

describe('matching', () => {
  test('the same terms need no settings of their own', () => {
    expect(matchType(totp, deviceType(), [time6, time8])).toEqual([{ type: 'CT_T6', settings: {}, next: 0, drift: 0 }])
  })

  test('an allowed type that says exactly the same goes before the default one', () => {
    expect(matchType({ ...totp, digits: 8 }, deviceType(), [time6, time8])).toMatchObject([
      { type: 'CT_T8', settings: {} },
    ])
  })

  test('what differs becomes the key own settings', () => {
    const record: TokenRecord = { ...totp, hash: 'SHA256', step_seconds: 60, drift_steps: -3 }
    expect(matchType(record, deviceType(), [time6])).toEqual([
      { type: 'CT_T6', settings: { hash: 'SHA256', step_seconds: 60 }, next: 0, drift: -3 },
    ])
    const timed: TokenRecord = { ...ocra, suite: `${SUITE}-T1M`, step_seconds: 60 }
    expect(matchType(timed, deviceType({ method: 'ASYNCHRONOUS' }), [challenge])).toMatchObject([
      { type: 'CT_C', settings: { suite: `${SUITE}-T1M`, step_seconds: 60 } },
    ])
  })

  test('the length of codes belongs to the model', () => {
    expect(() => matchType({ ...totp, digits: 7 }, deviceType(), [time6, time8])).toThrow(
      expect.objectContaining({ code: 'digits_unfit' }),
    )
    expect(matchType({ ...totp, digits: 7 }, deviceType({ syncLength: -1 }), [time6])).toMatchObject([
      { settings: { digits: 7 } },
    ])
  })

  test('an algorithm that the model does not have', () => {
    expect(() => matchType(hotp, deviceType(), [time6, challenge])).toThrow(
      expect.objectContaining({ code: 'algorithm_unfit' }),
    )
  })

  test('BOTH gives a credential of each type over the same secret', () => {
    expect(matchType(totp, deviceType({ method: 'BOTH' }), [time6, challenge])).toEqual([
      { type: 'CT_T6', settings: {}, next: 0, drift: 0 },
      { type: 'CT_C', settings: {}, next: 0, drift: 0 },
    ])
  })
})
