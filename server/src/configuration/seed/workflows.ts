/**
 * The workflow of clients that name none, and the look of those that name no theme. A password comes first; an approve app, a
 * passkey or a one-time code, when the user has one, second. A forgotten password is set anew by a code in a mail. Tenants copy them under another id.
 */
import { createHash } from 'node:crypto'
import { DEFAULT_THEME, type ThemeDocument } from '#domain/theme-document.ts'
import { DEFAULT_WORKFLOW, type WorkflowDocument } from '#domain/workflow-document.ts'

const CRITERIA = 'access_criteria.common_to_all'
const RETRY = 5

const password = (factorId: string, code: string) => ({
  factorId,
  accessCriteriaId: CRITERIA,
  code,
  type: 'LOGIN',
  acr: '1',
  stepUp: 'automatic',
  retry: RETRY,
  actions: ['action.change_password', 'action.forgot_password'],
})

/** Of a token, or of an app whose phone has no network. Whoever has none is not asked for it. */
const code = (factorId: string, policy: string) => ({
  factorId,
  accessCriteriaId: CRITERIA,
  code: policy,
  type: 'OTP',
  acr: '2',
  retry: RETRY,
  upon: ['factor.standard_password', 'factor.customer_password'],
})

const standard = {
  accessCriteria: [
    {
      accessCriteriaId: CRITERIA,
      authenticators: { firstFactorsFiltering: true, secondFactorsFiltering: true, acrFiltering: false },
    },
  ],
  actions: [
    { actionId: 'action.change_password', accessCriteriaId: CRITERIA, type: 'CHANGE_PWD', retry: RETRY },
    { actionId: 'action.set_password', accessCriteriaId: CRITERIA, type: 'SET_PWD', retry: RETRY },
    {
      actionId: 'action.forgot_password',
      accessCriteriaId: CRITERIA,
      type: 'RESET_PWD',
      retry: RETRY,
      validityPeriod: 900,
      resetPasswordMethods: {
        email: {
          template:
            'Somebody asked to set a new password for your account. The code is {$secret}. If it was not you, ignore this message.',
          templateHtml: false,
        },
      },
      next_action: 'action.set_password',
    },
  ],
  firstFactors: [password('factor.standard_password', 'AT_STDPWD'), password('factor.customer_password', 'AT_CUSTPWD')],
  secondFactors: [
    {
      factorId: 'factor.push',
      accessCriteriaId: CRITERIA,
      code: 'AT_PASA-2FA',
      type: 'PUSH',
      acr: '2',
      retry: RETRY,
      upon: ['factor.standard_password', 'factor.customer_password'],
      allowUserDeviceSelection: true,
      pollTimeout: 120,
      pollInterval: 2,
    },
    {
      factorId: 'factor.passkey',
      accessCriteriaId: CRITERIA,
      code: 'AT_FIDO',
      type: 'FIDO',
      acr: '2',
      retry: RETRY,
      upon: ['factor.standard_password', 'factor.customer_password'],
      userVerification: 'preferred',
    },
    code('factor.app_code', 'AT_EMPOTP-2FA'),
    code('factor.one_time_code', 'AT_OTP'),
  ],
}

export const workflows: readonly WorkflowDocument[] = [
  {
    code: DEFAULT_WORKFLOW,
    payload: standard,
    hash: createHash('sha256').update(JSON.stringify(standard)).digest('hex'),
  },
]

export const themes: readonly ThemeDocument[] = [
  {
    code: DEFAULT_THEME,
    payload: {
      ui: { hid_portal: {}, extensions: {} },
      localization: { hid_portal: {}, extensions: {} },
    },
  },
]
