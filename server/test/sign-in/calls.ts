/**
 * Every call of a login, as somebody makes it who knows what there is to know, and as somebody who does not. A test tries all of them in
 * every state.
 */
import { basic, type Reply, token } from '../world.ts'
import { Browser, type PortalClient, REDIRECT } from './browser.ts'
import { ACTIVATION, otpOf, PASSWORDS, type SignInWorld, type SomeBody } from './people.ts'

export interface Around {
  readonly ground: SignInWorld
  readonly client: PortalClient
  /** Another client, and somebody else with a password of his own. */
  readonly stranger: PortalClient
  readonly person: SomeBody
  readonly other: SomeBody
  readonly verifier: string
  readonly policies: readonly string[]
}

/** Where a call is made from. */
export interface Here {
  readonly browser: Browser
  /** The authorization code, once there is one. */
  readonly code: string | undefined
}

export interface Done {
  readonly reply: Reply
  /** Another browser than before. */
  readonly browser?: Browser
  readonly code?: string | undefined
}

export type Call = (here: Here, around: Around) => Promise<Done>

const NEXT_PASSWORD = 'Qz9-vxbdfhjmqY'

async function secretOf(policy: string, { ground, person }: Around, { browser }: Here): Promise<string> {
  if (policy in PASSWORDS) return PASSWORDS[policy as keyof typeof PASSWORDS]
  if (policy === 'AT_CUSTOTP') return otpOf(person)
  if (policy === 'AT_OOB') return (await ground.oobCode(person)) ?? `no code for ${browser.requestUri.slice(0, 12)}`
  return ''
}

const code =
  (fields: Record<string, string>, who: 'person' | 'other' = 'person'): Call =>
  async ({ browser }, around) => ({ reply: await browser.code({ username: around[who].name, ...fields }) })

const proof =
  (policy: string): Call =>
  async (here, around) => ({
    reply: await here.browser.code({
      ...{ authType: policy, username: around.person.name },
      password: await secretOf(policy, around, here),
    }),
  })

const thrice =
  (call: Call): Call =>
  async (here, around) => {
    await call(here, around)
    await call(here, around)
    return call(here, around)
  }

const redeeming =
  (more: Record<string, string | undefined>, who: 'client' | 'stranger' = 'client'): Call =>
  async ({ code: known }, around) => {
    const { id: client_id, secret } = around[who]
    const fields = {
      ...{ grant_type: 'authorization_code', redirect_uri: REDIRECT, ...(secret === undefined ? { client_id } : {}) },
      ...{ code: known ?? 'A'.repeat(40), code_verifier: around.verifier, ...more },
    }
    const given = Object.entries(fields).filter((one): one is [string, string] => one[1] !== undefined)
    const proved = secret === undefined ? {} : { authorization: basic(client_id, secret) }
    return { reply: await token(around.ground.world, Object.fromEntries(given), proved) }
  }

const visiting =
  (fresh: boolean, who: 'client' | 'stranger' = 'client'): Call =>
  async ({ browser }, around) => {
    const next = fresh ? new Browser(around.ground.world) : browser
    const { requestUri } = browser
    return { reply: await next.visit(around[who], requestUri), browser: next }
  }

const uriOf = ({ browser }: Here) => `request_uri=${encodeURIComponent(browser.requestUri)}`
const codeOf = (reply: Reply): string | undefined => {
  const location = reply.headers.get('location')
  const shown = location ? new URL(location, REDIRECT).searchParams.get('code') : reply.body.code
  return shown ?? undefined
}
const ending = async (asked: Promise<Reply>): Promise<Done> => {
  const reply = await asked
  return { reply, code: codeOf(reply) }
}

const RESET = { action_id: 'action.request_reset_password', authType: 'AT_CUSTPWD' }
const CHANGE = {
  ...{ grant_type: 'password_change', action_id: 'action.change_password', authType: 'AT_CUSTPWD' },
  new_password: NEXT_PASSWORD,
}
const asking = async (here: Here, around: Around): Promise<Reply> => {
  const fields = { grant_type: 'password_reset_request', ...RESET, username: around.person.name }
  const byMail = await here.browser.code({ ...fields, method: 'email' })
  return byMail.status === 200 ? byMail : here.browser.code({ ...fields, method: 'sms' })
}
const resetting = (sent: (around: Around) => Promise<string>): Call => {
  return async (here, around) => {
    await asking(here, around)
    const reset_code = await sent(around)
    const { name: username } = around.person
    const fields = { grant_type: 'password_reset', authType: 'AT_CUSTPWD', new_password: NEXT_PASSWORD }
    return { reply: await here.browser.code({ ...fields, username, reset_code }) }
  }
}
const sharing = (...scopes: readonly [string, string][]) =>
  scopes.map(([scope, status]) => ({ scope, status, exp: -1 }))
const consenting =
  (sharings: unknown): Call =>
  async ({ browser }) => ({ reply: await browser.consent(sharings) })

const answering =
  (status: 'accept' | 'deny'): Call =>
  async ({ browser }, { person }) => {
    const { phone } = person
    const [newest] = phone ? (await phone.container.inbox()).requests : []
    if (phone && newest) await phone.container.answer(await phone.container.retrieve(newest.id), status)
    // What the page sees of it is what the next poll says.
    return { reply: await browser.flow(person.name) }
  }

const common: Readonly<Record<string, Call>> = {
  'visit again': visiting(false),
  'visit from elsewhere': visiting(true),
  'visit for another client': visiting(false, 'stranger'),
  portal: async here => ({ reply: await here.browser.get(`portal?${uriOf(here)}`) }),
  flow: async ({ browser }, { person }) => ({ reply: await browser.flow(person.name) }),
  'flow of nobody': async ({ browser }) => ({ reply: await browser.flow('nobody@nowhere.example') }),
  'flow of another': async ({ browser }, { other }) => ({ reply: await browser.flow(other.name) }),
  theme: async here => ({ reply: await here.browser.call('GET', `theme?${uriOf(here)}`) }),
  'look at consent': async here => ({ reply: await here.browser.call('GET', `consent?${uriOf(here)}`) }),
  'agree to all': consenting(sharing(['openid', 'accepted'], ['profile', 'accepted'])),
  'agree to openid': consenting(sharing(['openid', 'accepted'])),
  'agree to nothing': consenting([]),
  'agree to more': consenting(sharing(['openid', 'accepted'], ['email', 'accepted'])),
  'prove another': code({ authType: 'AT_CUSTPWD', password: PASSWORDS.AT_CUSTPWD }, 'other'),
  'prove by no policy': code({ authType: 'AT_NONE', password: 'x' }),
  'prove by another policy': code({ authType: 'AT_STDPWD', password: PASSWORDS.AT_CUSTPWD }),
  'prove without authType': code({ password: PASSWORDS.AT_CUSTPWD }),
  'ask for a code': code({ grant_type: 'oob', authType: 'AT_OOB', oob_method: 'email' }),
  'ask for a code of a password': code({ grant_type: 'oob', authType: 'AT_CUSTPWD', oob_method: 'email' }),
  'ask for a passkey': code({ grant_type: 'fido_challenge', authType: 'AT_FIDO' }),
  'ask for a card': code({ grant_type: 'card_challenge', authType: 'AT_CARD' }),
  'change password': code({ ...CHANGE, old_password: PASSWORDS.AT_CUSTPWD }),
  'change password, wrong': code({ ...CHANGE, old_password: 'no' }),
  'ask for a reset': async (here, around) => ({ reply: await asking(here, around) }),
  'reset password': resetting(({ ground }) => ground.resetCode().catch(() => '')),
  'reset password, wrong': resetting(async () => '00000000'),
  'another grant': code({ grant_type: 'authorization_code', authType: 'AT_CUSTPWD' }),
  cancel: code({ grant_type: 'cancel' }),
  end: here => ending(here.browser.get(`code?${uriOf(here)}`)),
  'end by a call': here => ending(here.browser.code({ grant_type: 'code_request' })),
  redeem: redeeming({}),
  'redeem for another client': redeeming({}, 'stranger'),
  'redeem elsewhere': redeeming({ redirect_uri: `${REDIRECT}/` }),
  'redeem without verifier': redeeming({ code_verifier: undefined }),
  'redeem by a wrong verifier': redeeming({ code_verifier: 'w'.repeat(43) }),
}

export function callsFor({ policies, person }: Pick<Around, 'policies' | 'person'>): ReadonlyMap<string, Call> {
  // His own proofs first: a state is kept as it was first reached.
  const calls = new Map<string, Call>()
  for (const policy of policies) {
    calls.set(`prove ${policy}`, proof(policy))
    if (policy === 'AT_PASA-2FA') continue
    const wrong = code({ authType: policy, password: 'wrong' })
    calls.set(`prove ${policy}, wrong`, wrong)
    calls.set(`prove ${policy}, wrong three times`, thrice(wrong))
  }
  if (policies.includes('AT_OOB')) {
    calls.set('activate', code({ authType: 'AT_OOB', password: ACTIVATION, oob_method: 'email' }))
    calls.set('activate by nothing', code({ authType: 'AT_OOB', password: 'null', oob_method: 'email' }))
  }
  if (person.phone) {
    calls.set('yes on the phone', answering('accept'))
    calls.set('no on the phone', answering('deny'))
  }
  for (const [name, call] of Object.entries(common)) calls.set(name, call)
  return calls
}
