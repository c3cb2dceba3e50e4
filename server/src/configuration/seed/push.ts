/**
 * Stock documents of the approve app: its policies, its keys, its device types. Codes are the reference's; DT_TDSV4E, CT_PASAV4E,
 * CT_TDSV4E (ES256 instead of RS512) and AT_EMPOTP-2FA are ours. Event-based secure codes (CT_TDSOE …) are not there.
 */
import { otpPolicy } from '#configuration/seed/policies-otp.ts'
import type { CredentialType, OathSettings, PushSettings } from '#domain/credential-type.ts'
import type { DeviceType, PushModel } from '#domain/device-type.ts'
import type { Gateway } from '#domain/gateway.ts'
import type { Policy } from '#domain/policy.ts'

const CHANNELS = ['CH_DIRECT', 'CH_EXTRAPP', 'CH_SSP', 'CH_IIS', 'CH_TDS', 'CH_TRMSVC']

function pushPolicy(code: string, name: string, purpose: 'logon' | 'action', notes: string): Policy {
  return {
    ...otpPolicy(code, name, notes),
    factor: 'push',
    purpose,
    challengeTimeout_seconds: 120,
    sessionValid_ms: 3_600_000,
    validChannels: CHANNELS,
  }
}

export const pushPolicies: readonly Policy[] = [
  pushPolicy('AT_PASA', 'Push log-on', 'logon', 'The user approves a log-on on his phone.'),
  pushPolicy('AT_PASA-2FA', 'Push log-on as second factor', 'logon', 'For the portal, after another factor.'),
  pushPolicy('AT_TDS', 'Push action', 'action', 'The user approves an action, such as a payment, on his phone.'),
  { ...otpPolicy('AT_SMK', 'Approve app', 'Used between app and server.'), factor: 'transport', validChannels: [] },
  {
    ...otpPolicy('AT_TDSOOB', 'Registration of an approve app', 'The invite code of an enrolment.'),
    factor: 'invite',
    validChannels: ['CH_TDSPROV'],
  },
  otpPolicy('AT_EMPOTP-2FA', 'One-time code as second factor', 'For the portal, after another factor.'),
]

const push = (code: string, name: string, settings: PushSettings): CredentialType => ({
  code,
  name,
  readOnly: true,
  factor: 'push',
  settings,
})

const oath = (code: string, name: string, settings: OathSettings): CredentialType => ({
  code,
  name,
  readOnly: true,
  factor: 'oath',
  settings,
})

const STATUSES = ['accept', 'deny', 'report']
const TIMED = { hash: 'SHA1', digits: 8, step_seconds: 30, window: 2, resync_window: 40 } as const

export const pushCredentialTypes: readonly CredentialType[] = [
  push('CT_PASAV4', 'Log-on key, RS512', { use: 'logon', algorithm: 'RS512', statuses: STATUSES }),
  push('CT_TDSV4', 'Action key, RS512', { use: 'action', algorithm: 'RS512', statuses: STATUSES }),
  push('CT_PASAV4E', 'Log-on key, ES256', { use: 'logon', algorithm: 'ES256', statuses: STATUSES }),
  push('CT_TDSV4E', 'Action key, ES256', { use: 'action', algorithm: 'ES256', statuses: STATUSES }),
  push('CT_SMK4', 'Transport key of the approve app', { use: 'transport', algorithm: 'ES256', statuses: [] }),
  { code: 'CT_TDSOOB', name: 'Invite code', readOnly: true, factor: 'invite' },
  oath('CT_TDSOT', 'Secure code, time', { ...TIMED, algorithm: 'TOTP', use: 'otp', joiner: '' }),
  oath('CT_TDSOATCR', 'Secure code for a challenge, time', {
    ...TIMED,
    algorithm: 'OCRA',
    suite: 'OCRA-1:HOTP-SHA1-8:QN08-T30S',
    use: 'challenge',
    joiner: '',
    question_length: 6,
  }),
  oath('CT_TDSOATSIGN', 'Secure code for a transaction, time', {
    ...TIMED,
    algorithm: 'OCRA',
    suite: 'OCRA-1:HOTP-SHA1-8:QA64-T30S',
    use: 'signing',
    joiner: '*',
  }),
]

const approveApp: PushModel = {
  keys: {
    transport: 'CT_SMK4',
    logon: 'CT_PASAV4',
    action: 'CT_TDSV4',
    otp: 'CT_TDSOT',
    challenge: 'CT_TDSOATCR',
    signing: 'CT_TDSOATSIGN',
  },
  protection: { kind: 'device' },
  serviceName: 'Countersign',
  labels: ['Account', 'Amount', 'Reference'],
  templates: {},
  renewAfter_days: 3650,
  inviteLife_seconds: 3600,
  activationConfirm: false,
  operationMode: 'default',
}

function appType(code: string, name: string, push: PushModel): DeviceType {
  const { transport, logon, action, otp = '', challenge = '', signing = '' } = push.keys
  return {
    code,
    name,
    readOnly: true,
    defaultCredentialType: logon,
    allowedCredentialTypes: [logon, action, transport, otp, challenge, signing].filter(one => one !== ''),
    maximumDevicePerUser: -1,
    push,
  }
}

export const pushDeviceTypes: readonly DeviceType[] = [
  appType('DT_TDSV4', 'Approve app', approveApp),
  appType('DT_TDSV4F', 'Approve app, FIPS 140-2 algorithms', { ...approveApp, operationMode: 'fips' }),
  appType('DT_TDSV4E', 'Approve app, ES256', {
    ...approveApp,
    keys: { ...approveApp.keys, logon: 'CT_PASAV4E', action: 'CT_TDSV4E' },
  }),
  {
    code: 'DT_TDSOOB',
    name: 'Carrier of a registration',
    readOnly: true,
    defaultCredentialType: 'CT_TDSOOB',
    allowedCredentialTypes: ['CT_TDSOOB'],
    maximumDevicePerUser: -1,
  },
  {
    code: 'DT_APPR_OT',
    name: 'Authenticator app, offline one-time codes',
    readOnly: true,
    defaultCredentialType: 'CT_TDSOT',
    allowedCredentialTypes: ['CT_TDSOT'],
    maximumDevicePerUser: -1,
    offline: true,
  },
]

export const gateways: readonly Gateway[] = [
  { code: 'WebPush', name: 'Web Push', readOnly: true, type: 'WEB_PUSH', enabled: true, ttl_seconds: 120 },
]
