/**
 * Stock device types of tokens, cards and keys that run OATH algorithms, by the reference's codes. The ending tells the
 * algorithm: OT time, OE event, OA and OC challenge, TD transaction. A physical token has one device per key slot, each of
 * the type of that slot's algorithm.
 */
import { asynchronous, type FormFactor, signing, synchronous } from '#configuration/seed/token-model.ts'
import type { DeviceType, TokenModel } from '#domain/device-type.ts'

const MANUFACTURER = 'HID Global'

function deviceType(code: string, name: string, credentialType: string, token: TokenModel): DeviceType {
  return {
    code,
    name,
    readOnly: true,
    manufacturer: MANUFACTURER,
    defaultCredentialType: credentialType,
    allowedCredentialTypes: [credentialType],
    maximumDevicePerUser: -1,
    token,
  }
}

const time = (code: string, model: string, form: FormFactor) =>
  deviceType(code, `${model}, OATH time`, 'CT_AIOT', synchronous(form))
const event = (code: string, model: string, form: FormFactor) =>
  deviceType(code, `${model}, OATH event`, 'CT_AIOE', synchronous(form))
const challenge = (code: string, model: string, form: FormFactor) =>
  deviceType(code, `${model}, OATH challenge`, 'CT_AIOCRA', asynchronous(form, 6))

export const hardwareDeviceTypes: readonly DeviceType[] = [
  time('DT_POCK_OT', 'Pocket Token', 'TOKEN'),
  event('DT_POCK_OE', 'Pocket Token', 'TOKEN'),
  challenge('DT_POCK_OA', 'Pocket Token', 'TOKEN'),
  deviceType('DT_POCK_OC', 'Pocket Token, OATH challenge, 8 digits', 'CT_AIOCRA8', asynchronous('TOKEN', 8)),
  deviceType('DT_POCK_TD', 'Pocket Token, OATH transaction', 'CT_AITDS8', signing('TOKEN')),
  event('DT_DSPCD', 'Display Card', 'CARD'),
  time('DT_AD_OT', 'Display Card', 'CARD'),
  event('DT_BTT_OE', 'Blue Trust Token', 'TOKEN'),
  time('DT_BTT_OT', 'Blue Trust Token', 'TOKEN'),
  challenge('DT_NANO_OA', 'Crescendo Key', 'KEY'),
  event('DT_NANO_OE', 'Crescendo Key', 'KEY'),
  time('DT_NANO_OT', 'Crescendo Key', 'KEY'),
  challenge('DT_DKTO_OA', 'Desktop Token', 'SOFTWARE'),
  event('DT_DKTO_OE', 'Desktop Token', 'SOFTWARE'),
  time('DT_DKTO_OT', 'Desktop Token', 'SOFTWARE'),
  challenge('DT_FXT_OA', 'Flexi Token', 'TOKEN'),
  event('DT_FXT_OE', 'Flexi Token', 'TOKEN'),
  time('DT_FXT_OT', 'Flexi Token', 'TOKEN'),
  challenge('DT_KEY_OA', 'Keychain Token V2', 'TOKEN'),
  event('DT_KEY_OE', 'Keychain Token V2', 'TOKEN'),
  time('DT_KEY_OT', 'Keychain Token V2', 'TOKEN'),
  event('DT_MIN_OE', 'Mini Token', 'TOKEN'),
  time('DT_MIN_OT', 'Mini Token', 'TOKEN'),
  challenge('DT_T2_OA', 'Token One V2', 'TOKEN'),
  event('DT_T2_OE', 'Token One V2', 'TOKEN'),
  time('DT_T2_OT', 'Token One V2', 'TOKEN'),
]
