/**
 * What can be tried at the sign-in of the demo: ways, each a client of the example bank with a workflow, and people for whom they
 * apply. Words only; the secrets are made per home and stand in `demo.json`.
 */

/** A client at which people sign in. */
export interface Way {
  /** In addresses of the bank. */
  readonly id: string
  readonly title: string
  /** Of the tenant; absent: the default one. */
  readonly workflow?: string
  readonly about: string
  readonly consent?: true
  readonly numberMatching?: true
  /** The answer comes as `code id_token` by `form_post`. */
  readonly formPost?: true
}

export interface Sample {
  readonly name: string
  readonly ways: readonly string[]
  /** Policies of passwords. */
  readonly passwords?: readonly string[]
  readonly owns?: 'token' | 'phone' | 'code' | 'activated code'
  readonly expired?: true
  readonly about: string
  /** What must run beside. */
  readonly terminal?: string
}

export const EXPIRED_POLICY = 'AT_DEMOPWD'
export const EXPIRED_WORKFLOW = 'ID_EXPIRED_PASSWORD'
export const PASSKEY_WORKFLOW = 'ID_PASSKEY'
export const THEME = 'ID_THEME1'

export const ways: readonly Way[] = [
  { id: 'house', title: 'As usual', about: 'The workflow of every new tenant.', formPost: true },
  {
    ...{ id: 'password-or-code', title: 'Password or one-time code', workflow: 'ID_UP_OR_OTP' },
    about: 'The person chooses. The names of both come from the theme.',
  },
  {
    ...{ id: 'password-then-code', title: 'Password, then a code by mail or SMS', workflow: 'ID_UP_OTP_OOB' },
    about: 'The person chooses where the code goes.',
  },
  {
    ...{ id: 'activation-code', title: 'Activation code, then a code', workflow: 'ID_ACCODE_OTP_OOB' },
    about: 'No password: the activation code lets a one-time code go out.',
  },
  {
    ...{ id: 'password-and-phone', title: 'Password and phone', workflow: 'ID_TEMP_OR_UP_PUSH', numberMatching: true },
    about: 'A password needs the phone; a temporary password does not, and works once.',
  },
  {
    ...{ id: 'phone-if-any', title: 'Password, and the phone if there is one', workflow: 'ID_UP_PUSH_AUTOMATIC' },
    about: 'Who has no phone is let in by the password.',
  },
  {
    ...{ id: 'consent', title: 'Password, then consent', workflow: 'ID_UP_PUSH_AUTOMATIC', consent: true },
    about: 'The person is asked what the bank may know.',
  },
  {
    ...{ id: 'expired', title: 'Expired password', workflow: EXPIRED_WORKFLOW },
    about: 'It must be changed before it lets anybody in.',
  },
  {
    ...{ id: 'passkey', title: 'Passkey', workflow: PASSKEY_WORKFLOW },
    about:
      'Set up on the sign-in page, behind a password. Any passkey will do, where the sample ID_FLOWFIDO wants two models.',
  },
  {
    ...{ id: 'card', title: 'Card', workflow: 'ID_FLOWCARD' },
    about: 'A contactless card that only identifies, set up on the sign-in page.',
  },
]

/** Those who are customers at the bank's counter, too. */
export const usual: readonly Sample[] = [
  {
    name: 'Alice',
    ways: ['house'],
    about: 'Whoever has more than a password is asked for it, so she needs the code of her token.',
  },
  { name: 'Bob', ways: ['house'], about: 'He has a password and nothing else, which is enough here.' },
]

export const samples: readonly Sample[] = [
  {
    ...{ name: 'Oskar', ways: ['password-or-code'], passwords: ['AT_CUSTPWD'], owns: 'token' },
    about: 'Either is enough. His simulated token shows this code now.',
  },
  {
    ...{ name: 'Maya', ways: ['password-then-code'], passwords: ['AT_CUSTPWD'], owns: 'code' },
    about: 'After the password a code is sent; it arrives in the inbox.',
  },
  {
    ...{ name: 'Nora', ways: ['activation-code'], owns: 'activated code' },
    about: 'The code that it sends arrives in the inbox.',
  },
  {
    ...{ name: 'Tom', ways: ['password-and-phone'], passwords: ['AT_TEMPPWD'] },
    about: 'His password is temporary: good once, within a day.',
  },
  {
    ...{ name: 'Pia', ways: ['password-and-phone', 'phone-if-any'], passwords: ['AT_CUSTPWD'], owns: 'phone' },
    about:
      'With a phone each sign-in is confirmed in the approve app. Without one the second way lets her in, the first does not.',
  },
  {
    ...{ name: 'Anna', ways: ['phone-if-any', 'consent'], passwords: ['AT_CUSTPWD'] },
    about: 'She has no phone, so the password is enough.',
  },
  {
    ...{ name: 'Ezra', ways: ['expired'], passwords: [EXPIRED_POLICY], expired: true },
    about: 'His password expired yesterday; he may choose a new one, or get one by the link in a mail.',
  },
  {
    ...{ name: 'Faye', ways: ['passkey'], passwords: ['AT_EMPPWD'] },
    about: 'She has no passkey: choose to set one up, confirm by the password, and sign in with it.',
  },
  {
    ...{ name: 'Carl', ways: ['card'], passwords: ['AT_EMPPWD'] },
    about:
      'He has no card yet. Start the simulated reader by the line below, hold up its card, and confirm by the password.',
    terminal: 'npx countersign card-bridge --simulate examples/bank/card.json',
  },
]

export const nameOf = (sample: Sample): string => `${sample.name.toLowerCase()}@demo.example`

/** As `demo.json` has it. */
export interface SignIns {
  readonly ways: readonly {
    readonly id: string
    readonly title: string
    readonly about: string
    readonly workflow?: string
    readonly form_post?: true
    readonly client_id: string
    readonly client_secret: string
  }[]
  readonly people: readonly DemoPerson[]
}

export interface DemoPerson {
  readonly externalId: string
  readonly password?: string
  readonly activation_code?: string
  readonly token?: { readonly externalId: string; readonly type: string; readonly seed: string }
}
