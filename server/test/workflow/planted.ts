/**
 * Faults planted in sample workflows: what was changed, and code and pointer of each finding that must come of it. Whole sentences and
 * lines are judged by the tests that use the table.
 */
import type { Sample } from './samples.ts'

export const FIRST = '/payload/firstFactors/0'
export const SECOND = '/payload/secondFactors/0'
const ENROL = '/payload/enrollActions/0'
const ALL = 'access_criteria.common_to_all'
const ACR_FILTERING = '/payload/accessCriteria/0/authenticators/acrFiltering'
export const PUSH: Sample = 'password-push-automatic'
export const pin = {
  factorId: 'factor.pin',
  accessCriteriaId: ALL,
  code: 'AT_EMPPIN',
  type: 'LOGIN',
  upon: 'factor.user_pasword',
}
export const token = { factorId: 'factor.token', accessCriteriaId: ALL, code: 'AT_CUSTOTP', type: 'OTP' }
export const nothingToEnrol = {
  [`${FIRST}/enrollActions`]: undefined,
  '/payload/enrollActions': undefined,
  '/payload/enrollProtectionFactors': undefined,
}
const reset = { actionId: 'action.more', accessCriteriaId: ALL, class: 'CHANGE_PWD' }

export type Planted = readonly [
  what: string,
  sample: Sample,
  changes: Record<string, unknown>,
  expected: readonly string[],
]

// biome-ignore format: one fault is one line
export const planted: readonly Planted[] = [
  ['a misspelled member', PUSH, { [`${FIRST}/retries`]: 3 }, [`unread_member ${FIRST}/retries`]],
  ['criteria of a factor that are not there', 'card', { [`${FIRST}/accessCriteriaId`]: 'a' }, [`unknown_criteria ${FIRST}/accessCriteriaId`]],
  ['criteria of an action that are not there', PUSH, { '/payload/actions/0/accessCriteriaId': 'a' }, ['unknown_criteria /payload/actions/0/accessCriteriaId']],
  ['an action that is not there', PUSH, { [`${FIRST}/actions/-`]: 'action.gone' }, [`unknown_action ${FIRST}/actions/1`]],
  ['an enrolment that is not there', 'card', { [`${FIRST}/enrollActions/-`]: 'a' }, [`unknown_enrol_action ${FIRST}/enrollActions/1`]],
  ['upon a factor that is not there, alone', PUSH, { [`${SECOND}/upon`]: 'factor.user_password' }, [
    `unknown_first_factor ${SECOND}/upon`, `step_up_without_second_factor ${FIRST}/step_up`, `second_factor_unreachable ${SECOND}/upon`]],
  ['upon a factor that is not there, in a list', PUSH, { [`${SECOND}/upon`]: ['factor.user_pasword', 'a'] }, [`unknown_first_factor ${SECOND}/upon/1`]],
  ['a next action that is not there', PUSH, { '/payload/actions/1/next_action': 'a' }, ['unknown_next_action /payload/actions/1/next_action', 'unused_action /payload/actions/0/actionId']],
  ['a protection that is not there', 'card', { [`${ENROL}/protectionFactor`]: 'a' }, [
    `unknown_protection_factor ${ENROL}/protectionFactor`, 'unused_protection_factor /payload/enrollProtectionFactors/0/protectionFactorId']],
  ['criteria that nobody names', PUSH, { '/payload/accessCriteria/-': { accessCriteriaId: 'a' } }, ['unused_criteria /payload/accessCriteria/1/accessCriteriaId']],
  ['an action that nobody names', PUSH, { '/payload/actions/-': reset }, ['unused_action /payload/actions/2/actionId']],
  ['an enrolment that nobody names', 'card', { [`${FIRST}/enrollActions`]: [] }, [`unused_enrol_action ${ENROL}/enrollId`, `no_recovery ${FIRST}`]],
  ['no first factor', 'activation-code-otp', { '/payload/firstFactors': [], '/payload/secondFactors': [], '/payload/accessCriteria': [] }, ['no_first_factor /payload/firstFactors']],
  ['upon on a first factor', PUSH, { [`${FIRST}/upon`]: 'a' }, [`upon_on_first_factor ${FIRST}/upon`]],
  ['a second factor that nobody is asked for', PUSH, { [`${FIRST}/step_up`]: 'notRequired' }, [`second_factor_unreachable ${SECOND}/upon`]],
  ['the same by silence', PUSH, { [`${FIRST}/step_up`]: undefined, [`${SECOND}/upon`]: undefined }, [`second_factor_unreachable ${SECOND}`]],
  ['a required step-up with nothing to step up to', 'passkey', { '/payload/secondFactors': [] }, [`step_up_without_second_factor ${FIRST}/stepUp`]],
  ['an automatic one likewise', PUSH, { '/payload/secondFactors': [] }, [`step_up_without_second_factor ${FIRST}/step_up`]],
  ['two first factors of one policy', 'temporary-or-password-push', { [`${FIRST}/code`]: 'AT_CUSTPWD' }, ['policy_twice /payload/firstFactors/1/code']],
  ['one proof asked for twice', PUSH, { [`${SECOND}/code`]: 'AT_CUSTPWD', [`${SECOND}/class`]: 'LOGIN' }, [`same_proof_twice ${SECOND}/code`]],
  ['a card alone', 'card', { [`${FIRST}/stepUp`]: undefined }, [`card_alone ${FIRST}`]],
  ['messages to whoever is named', 'activation-code-otp', { [`${FIRST}/class`]: 'OOB' }, [`oob_first ${FIRST}`]],
  ['a code that nobody asks for', 'activation-code-otp', { [`${SECOND}/class`]: 'OOB' }, [`code_without_otp ${FIRST}`]],
  ['a code of another policy', 'activation-code-otp', { [`${SECOND}/code`]: 'AT_CUSTOTP' }, [`code_policy_differs ${SECOND}/code`]],
  ['a code that is not even asked for', 'activation-code-otp', { [`${FIRST}/step_up`]: 'notRequired' }, [`code_without_otp ${FIRST}`, `second_factor_unreachable ${SECOND}/upon`]],
  ['no acr where acr_values are honoured', 'password-otp-oob', { [ACR_FILTERING]: true }, [`acr_missing ${SECOND}`]],
  ['one acr for a password, and for password and push', PUSH, { [`${FIRST}/acr`]: 'acr_push' }, [`acr_too_strong ${FIRST}/acr`]],
  ['an acr that says two factors after two passwords', PUSH, { '/payload/secondFactors/-': { ...pin, acr: 'acr_2fa' } }, ['acr_too_strong /payload/secondFactors/1/acr']],
  ['the same in other words', PUSH, { '/payload/secondFactors/-': { ...pin, acr: 'two_factor' } }, ['acr_too_strong /payload/secondFactors/1/acr']],
  ['an acr that says two factors after a token alone', 'password-or-otp', { '/payload/firstFactors/1/acr': 'https://refeds.org/profile/mfa' }, ['acr_too_strong /payload/firstFactors/1/acr']],
  ['a passkey that does not check the person, with the acr of two factors', 'passkey', { '/payload/firstFactors/1/userVerification': 'preferred' }, ['acr_too_strong /payload/firstFactors/1/acr']],
  ['a poll that ends before it repeats', PUSH, { [`${SECOND}/pollInterval`]: 30, [`${SECOND}/pollTimeout`]: 30 }, [`poll_never_repeats ${SECOND}/pollInterval`]],
  ['no way back after a forgotten password', PUSH, { [`${FIRST}/actions`]: [] }, ['unused_action /payload/actions/1/actionId', `no_recovery ${FIRST}`]],
  ['no way back after a lost card', 'card', nothingToEnrol, [`no_recovery ${FIRST}`]],
  ['a reset that is sent nowhere', PUSH, { '/payload/actions/1/resetPasswordMethods': undefined }, ['reset_without_methods /payload/actions/1']],
  ['a reset without end', PUSH, { '/payload/actions/1/next_action': undefined }, ['unused_action /payload/actions/0/actionId', 'reset_without_next_action /payload/actions/1']],
  ['a reset that ends elsewhere', PUSH, { '/payload/actions/0/class': 'CHANGE_PWD' }, ['next_action_sets_nothing /payload/actions/1/next_action']],
  ['a mail without the code', PUSH, { '/payload/actions/1/resetPasswordMethods/email/template': 'Hello' }, ['message_without_code /payload/actions/1/resetPasswordMethods/email/template']],
  ['a text message without the code', 'activation-code-otp', { [`${FIRST}/oobMethods/sms/template`]: '{secret}' }, [`message_without_code ${FIRST}/oobMethods/sms/template`]],
  ['enrolment without a proof', 'card', { [`${ENROL}/protectionFactor`]: undefined, '/payload/enrollProtectionFactors': [] }, [`enrolment_unprotected ${ENROL}`]],
  ['an enrolment that is protected by a push', 'card', { '/payload/enrollProtectionFactors/0/type': 'PUSH' }, ['protection_not_provable /payload/enrollProtectionFactors/0']],
  ['a card that is enrolled as a passkey', 'card', { [`${ENROL}/type`]: 'FIDO' }, [`enrolment_of_other_class ${FIRST}/enrollActions/0`]],
  ['a binding to nothing', 'passkey', { [`${ENROL}/deviceType`]: undefined }, [`binding_without_device_type ${ENROL}/deviceBinding`]],
]
