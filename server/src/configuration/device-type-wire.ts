/**
 * A device type as clients of this API read it. `unlockChallengeLength` is always unset: unlocking the PIN of a token
 * needs the maker's own algorithm.
 */
import { DEVICE_TYPE, DEVICE_TYPE_TOKEN, type DeviceTypeWire } from '@countersign/protocol/configuration/device-type.ts'
import type { DeviceType, TokenModel } from '#domain/device-type.ts'

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

export function deviceTypeOnWire(type: DeviceType, location: string): DeviceTypeWire {
  return {
    schemas: type.token ? [DEVICE_TYPE, DEVICE_TYPE_TOKEN] : [DEVICE_TYPE],
    id: type.code,
    name: type.name,
    ...(type.notes === undefined ? {} : { notes: type.notes }),
    readOnly: type.readOnly,
    meta: { resourceType: 'DeviceType', location, version: 1 },
    ...(type.manufacturer === undefined ? {} : { manufacturer: type.manufacturer }),
    defaultCredentialTypeCode: type.defaultCredentialType,
    allowedCredentialTypes: [...type.allowedCredentialTypes],
    maximumDevicePerUser: type.maximumDevicePerUser,
    ...(type.token ? { [DEVICE_TYPE_TOKEN]: tokenWire(type.token) } : {}),
  }
}
