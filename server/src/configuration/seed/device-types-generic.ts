/**
 * Device types of ours for OATH tokens of any maker: what a PSKC file brings that no type of the reference fits.
 * Codes are ours. DT_OATH_TC shows time codes and answers challenges with one secret, so each such device gets a credential
 * for either.
 */
import { asynchronous, both, signing, synchronous } from '#configuration/seed/token-model.ts'
import type { DeviceType, TokenModel } from '#domain/device-type.ts'

function deviceType(code: string, name: string, credentialTypes: readonly [string, ...string[]], token: TokenModel) {
  return {
    code,
    name,
    readOnly: true,
    defaultCredentialType: credentialTypes[0],
    allowedCredentialTypes: credentialTypes,
    maximumDevicePerUser: -1,
    token,
  }
}

export const genericDeviceTypes: readonly DeviceType[] = [
  deviceType(
    'DT_OATH_OT',
    'Generic OATH token, time',
    ['CT_AIOT', 'CT_TOTP8', 'CT_TOTP60', 'CT_TOTP256', 'CT_TOTP512'],
    synchronous('TOKEN'),
  ),
  deviceType('DT_OATH_OE', 'Generic OATH token, event', ['CT_AIOE', 'CT_HOTP8'], synchronous('TOKEN')),
  deviceType(
    'DT_OATH_OC',
    'Generic OATH token, challenge',
    ['CT_AIOCRA8', 'CT_AIOCRA', 'CT_OCRA256'],
    asynchronous('TOKEN', 8),
  ),
  deviceType('DT_OATH_TD', 'Generic OATH token, transaction', ['CT_AITDS8', 'CT_SIGN256'], signing('TOKEN')),
  deviceType('DT_OATH_TC', 'Generic OATH token, time code and challenge', ['CT_AIOT', 'CT_AIOCRA'], both('TOKEN', 6)),
]
