/** The workflows that are walked: the samples, one with all that may be asked for, each with a person who owns some of it. */
import { sample } from './browser.ts'
import type { Facts } from './declared.ts'
import type { Owned } from './people.ts'

export interface Case {
  readonly name: string
  // biome-ignore lint/suspicious/noExplicitAny: a workflow as it is written
  readonly payload: any
  readonly owned: readonly Owned[]
  readonly metadata: Readonly<Record<string, unknown>>
  readonly facts: Facts
  /** So many states are reached. */
  readonly states: number
}

const PUBLIC = { token_endpoint_auth_method: 'none', grant_types: ['authorization_code'] }
const RESET = ['ask for a reset', 'reset password'] as const
const PLAIN = { filters: true, confidential: false, consent: false, another: 'no way on', actions: [] } as const

// biome-ignore lint/suspicious/noExplicitAny: as above
const of = (name: string, change: (payload: any) => void = () => undefined) => {
  const payload = sample(name)
  delete payload.theme_id
  change(payload)
  return payload
}

/** A second factor always, and consent: for the front end of a client that keeps a secret, and for browsers. */
export const STRICT: Case = {
  name: 'a second password required, and consent',
  payload: of('password-push-automatic', workflow => {
    workflow.firstFactors[0].step_up = 'required'
    const second = { factorId: 'factor.pin', accessCriteriaId: 'access_criteria.common_to_all', code: 'AT_EMPPIN' }
    workflow.secondFactors = [{ ...second, class: 'LOGIN', retry: 3, acr: '2', upon: ['factor.user_pasword'] }]
  }),
  owned: ['AT_CUSTPWD', 'AT_EMPPIN'],
  metadata: { hid_client_consentprompt: 'true' },
  facts: {
    ...{ ...PLAIN, firsts: { AT_CUSTPWD: 'second' }, second: 'AT_EMPPIN', bounded: ['AT_CUSTPWD', 'AT_EMPPIN'] },
    ...{ actions: RESET, confidential: true, consent: true },
  },
  states: 26,
}

export const cases: readonly Case[] = [
  STRICT,
  {
    name: 'password-push-automatic, without a phone',
    payload: of('password-push-automatic'),
    owned: ['AT_CUSTPWD'],
    metadata: PUBLIC,
    facts: { ...PLAIN, firsts: { AT_CUSTPWD: 'enough' }, bounded: ['AT_CUSTPWD'], actions: RESET, another: 'in' },
    states: 9,
  },
  {
    name: 'temporary-or-password-push',
    payload: of('temporary-or-password-push'),
    owned: ['AT_CUSTPWD', 'AT_TEMPPWD', 'phone'],
    metadata: PUBLIC,
    facts: {
      ...{ ...PLAIN, firsts: { AT_TEMPPWD: 'enough', AT_CUSTPWD: 'second' }, second: 'AT_PASA-2FA' },
      ...{ bounded: ['AT_CUSTPWD', 'AT_TEMPPWD'], actions: ['change password', ...RESET] },
    },
    states: 19,
  },
  {
    name: 'password-or-otp',
    payload: of('password-or-otp'),
    owned: ['AT_CUSTPWD', 'AT_CUSTOTP'],
    metadata: PUBLIC,
    facts: {
      ...{ ...PLAIN, firsts: { AT_CUSTPWD: 'enough', AT_CUSTOTP: 'enough' }, bounded: ['AT_CUSTPWD'] },
      ...{ actions: RESET, another: 'in' },
    },
    states: 11,
  },
  {
    name: 'activation-code-otp',
    payload: of('activation-code-otp'),
    owned: ['AT_OOB'],
    metadata: PUBLIC,
    facts: { ...PLAIN, firsts: { AT_OOB: 'second' }, second: 'AT_OOB', bounded: ['AT_OOB'], another: 'no factor' },
    states: 13,
  },
  {
    name: 'password-otp-oob',
    payload: of('password-otp-oob'),
    owned: ['AT_CUSTPWD', 'AT_OOB'],
    metadata: PUBLIC,
    facts: { ...PLAIN, firsts: { AT_CUSTPWD: 'second' }, second: 'AT_OOB', bounded: ['AT_CUSTPWD', 'AT_OOB'] },
    states: 13,
  },
  {
    name: 'passkey, by somebody who has none',
    payload: of('passkey'),
    owned: ['AT_EMPPWD'],
    metadata: PUBLIC,
    facts: {
      ...{ ...PLAIN, firsts: { AT_EMPPWD: 'second' }, bounded: ['AT_EMPPWD', 'AT_FIDO'] },
      ...{ another: 'no factor', filters: false, keyless: ['AT_FIDO'] },
    },
    states: 6,
  },
  {
    name: 'card, by somebody who has none',
    payload: of('card'),
    owned: ['AT_EMPPWD'],
    metadata: PUBLIC,
    facts: { ...PLAIN, firsts: {}, bounded: ['AT_CARD'], another: 'no factor', keyless: ['AT_CARD'], enrols: true },
    states: 5,
  },
]
