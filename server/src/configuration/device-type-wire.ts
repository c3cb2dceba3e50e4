/**
 * A device type as clients of this API read it. `unlockChallengeLength` is always unset: unlocking the PIN of a token
 * needs the maker's own algorithm.
 */
import {
  DEVICE_TYPE,
  DEVICE_TYPE_PUSH,
  DEVICE_TYPE_TOKEN,
  type DeviceTypeWire,
  type PushTypeWire,
} from '@countersign/protocol/configuration/device-type.ts'
import type { DeviceType, Protection, PushModel, TokenModel } from '#domain/device-type.ts'

function tokenWire(token: TokenModel) {
  return {
    deviceFormFactor: token.formFactor,
    supportedAuthenticationMethod: token.method,
    challengeLength: token.challengeLength,
    syncAuthenticationCodeLength: token.syncLength,
    asyncAuthenticationCodeLength: token.asyncLength,
    supportsUnlock: token.supportsUnlock,
    unlockChallengeLength: -1,
    supportsSynch: token.supportsSynch,
  }
}

export function pushWire(push: PushModel): PushTypeWire {
  return {
    credentialTypes: { ...push.keys },
    keysProtectionPolicies: protectionWire(push.protection),
    serviceName: push.serviceName,
    ...(push.colour === undefined ? {} : { colour: push.colour }),
    ocraFields: [...push.labels],
    requestTemplates: { ...push.templates },
    keysRefreshPeriod: push.renewAfter_days,
    inviteLifeSeconds: push.inviteLife_seconds,
    activationConfirm: push.activationConfirm,
    OPMODE: push.operationMode === 'fips' ? 'fips' : 'default',
  }
}

function protectionWire(protection: Protection): PushTypeWire['keysProtectionPolicies'] {
  if (protection.kind === 'device') return { type: 'device' }
  const { minLength, maxLength, digitsOnly, maxAttempts, lock_seconds } = protection
  return { type: 'password', minLength, maxLength, digitsOnly, maxAttempts, lockSeconds: lock_seconds }
}

export function deviceTypeOnWire(type: DeviceType, location: string): DeviceTypeWire {
  return {
    schemas: [DEVICE_TYPE, ...(type.token ? [DEVICE_TYPE_TOKEN] : []), ...(type.push ? [DEVICE_TYPE_PUSH] : [])],
    id: type.code,
    name: type.name,
    ...(type.notes === undefined ? {} : { notes: type.notes }),
    readOnly: type.readOnly,
    meta: { resourceType: 'DeviceType', location, version: type.version ?? 1 },
    ...(type.manufacturer === undefined ? {} : { manufacturer: type.manufacturer }),
    defaultCredentialTypeCode: type.defaultCredentialType,
    allowedCredentialTypes: [...type.allowedCredentialTypes],
    maximumDevicePerUser: type.maximumDevicePerUser,
    ...(type.token ? { [DEVICE_TYPE_TOKEN]: tokenWire(type.token) } : {}),
    ...(type.push ? { [DEVICE_TYPE_PUSH]: pushWire(type.push) } : {}),
  }
}
