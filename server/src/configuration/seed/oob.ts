/**
 * Stock documents of codes by mail and SMS. Codes are the reference's; it does not publish their settings, so those are ours: six
 * digits sign in, eight confirm a transaction, five wrong entries kill a code, which lives for five minutes (M1). What guards an
 * authenticator beside that are its threshold and the budgets of messages.
 */
import { otpPolicy } from '#configuration/seed/policies-otp.ts'
import type { CredentialType, OobSettings } from '#domain/credential-type.ts'
import type { DeviceType } from '#domain/device-type.ts'
import type { MessageMethod } from '#domain/parcel.ts'
import type { Policy } from '#domain/policy.ts'

type Methods = readonly MessageMethod[]

const ANY: Methods = ['sms', 'email']

function oobPolicy(code: string, name: string, purpose: 'logon' | 'action', methods: Methods, notes: string): Policy {
  return {
    ...otpPolicy(code, name, notes),
    factor: 'oob',
    purpose,
    methods,
    level: 1,
    // Messages have budgets of their own; a count that only a success ends would let strangers close it.
    challengeDisableThreshold: -1,
  }
}

export const oobPolicies: readonly Policy[] = [
  oobPolicy('AT_OOB', 'Code by mail or SMS', 'logon', ANY, 'The user chooses the way, or the server does.'),
  oobPolicy('AT_OOBSMS', 'Code by SMS', 'logon', ['sms'], 'To the number in ATR_MOBILE.'),
  oobPolicy('AT_OOBEML', 'Code by mail', 'logon', ['email'], 'To the address in ATR_EMAIL.'),
  oobPolicy('AT_TXOOB', 'Code for a transaction', 'action', ANY, 'Delivered with the text of the transaction.'),
]

const credentialType = (code: string, name: string, settings: OobSettings): CredentialType => ({
  code,
  name,
  readOnly: true,
  factor: 'oob',
  settings,
})

export const oobCredentialTypes: readonly CredentialType[] = [
  credentialType('CT_ACODE', 'Code by mail or SMS, 6 digits', { use: 'code', digits: 6, tries: 5 }),
  credentialType('CT_TXOOB', 'Code for a transaction, 8 digits', { use: 'transaction', digits: 8, tries: 5 }),
]

const deviceType = (code: string, name: string, credential: string, methods: Methods): DeviceType => ({
  code,
  name,
  readOnly: true,
  defaultCredentialType: credential,
  allowedCredentialTypes: [credential],
  maximumDevicePerUser: -1,
  oob: { methods },
})

export const oobDeviceTypes: readonly DeviceType[] = [
  deviceType('DT_OOB', 'Mailbox or telephone', 'CT_ACODE', ANY),
  deviceType('DT_OOBSMS', 'Telephone, by SMS', 'CT_ACODE', ['sms']),
  deviceType('DT_OOBEML', 'Mailbox', 'CT_ACODE', ['email']),
  deviceType('DT_TXOOB', 'Mailbox or telephone, for transactions', 'CT_TXOOB', ANY),
]
