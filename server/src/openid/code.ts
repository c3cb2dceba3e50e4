/**
 * `/{tenant}/authn/code`: POST takes one step of a login, by `grant_type`; GET ends it, by a redirect to the client. The reference's calls,
 * with names of ours for what it does not publish (protocol, `sign-in.ts`). Nothing here decides what is next: see `workflow/next-step.ts`.
 */
import {
  type CodeRequest,
  CSRF,
  codeAnswer,
  codeRequest,
  requestQuery,
  SIGN_IN_GRANTS,
} from '@countersign/protocol/openid/sign-in.ts'
import { Type } from 'typebox'
import type { Ending } from '#authentication/login-end.ts'
import { idOf } from '#domain/ids.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { endpoint, loginProof, type Situation } from '#http/endpoint.ts'
import { codeAnswerOf } from '#openid/code-answer.ts'
import { issuerOf } from '#openid/issuer.ts'
import { membersOf, redirectAnswer } from '#openid/redirect-answer.ts'
import { passageOf, type SignInNeeds, signInCall, type Told, wantsPage } from '#openid/sign-in-call.ts'

type Entered = Awaited<ReturnType<SignInNeeds['logins']['enter']>>
type Step = (entered: Entered, body: CodeRequest, situation: Situation<Tenant>, needs: SignInNeeds) => Promise<Told>

const given = (body: CodeRequest, { correlation }: Situation<Tenant>) => ({
  policy: needed(body.authType, 'authType'),
  secret: secretOf(body.password),
  device: readDevice(body.device_id),
  method: readMethod(body.oob_method, 'oob_method'),
  correlation,
})

function proved(entered: Entered, body: CodeRequest, situation: Situation<Tenant>, logins: SignInNeeds['logins']) {
  const policy = needed(body.authType, 'authType')
  if (logins.asksCard(entered, policy)) {
    const { correlation } = situation
    return logins.proveCard(entered, { policy, presented: body.password, correlation })
  }
  if (!logins.asksPasskey(entered, policy)) return logins.prove(entered, given(body, situation))
  const { correlation } = situation
  return logins.provePasskey(entered, {
    name: body.username || undefined,
    policy,
    assertion: body.password,
    correlation,
  })
}

const password =
  (step: 'change' | 'askReset' | 'reset'): Step =>
  async (entered, body, { origin, correlation }, { logins }) => {
    const stepped = await logins.password(entered, step, {
      policy: needed(body.authType, 'authType'),
      actionId: body.action_id,
      oldPassword: body.old_password ?? '',
      newPassword: body.new_password ?? '',
      resetCode: body.reset_code ?? '',
      method: readMethod(body.method, 'method'),
      origin,
      requestUri: body.request_uri,
      correlation,
    })
    return codeAnswerOf(stepped, logins)
  }

const steps: ReadonlyMap<string, Step> = new Map([
  [
    SIGN_IN_GRANTS.prove,
    async (entered, body, situation, { logins }) =>
      codeAnswerOf(await proved(entered, body, situation, logins), logins),
  ],
  [
    SIGN_IN_GRANTS.askPasskey,
    async (entered, body, _, { logins }) =>
      codeAnswerOf(await logins.askPasskey(entered, needed(body.authType, 'authType')), logins),
  ],
  [
    SIGN_IN_GRANTS.askCard,
    async (entered, body, _, { logins }) =>
      codeAnswerOf(await logins.askCard(entered, needed(body.authType, 'authType')), logins),
  ],
  [
    SIGN_IN_GRANTS.send,
    async (entered, body, situation, { logins }) =>
      codeAnswerOf(await logins.send(entered, given(body, situation)), logins),
  ],
  [SIGN_IN_GRANTS.change, password('change')],
  [SIGN_IN_GRANTS.askReset, password('askReset')],
  [SIGN_IN_GRANTS.reset, password('reset')],
  [
    SIGN_IN_GRANTS.end,
    async (entered, _, { correlation }, { logins }) => ended(entered, await logins.end(entered, correlation)),
  ],
  [
    SIGN_IN_GRANTS.cancel,
    async (entered, _, __, { logins }) => ({ status: 200, body: {}, login: await logins.cancel(entered) }),
  ],
] satisfies readonly (readonly [string, Step])[])

function ended({ login }: Entered, { request, parameters }: Ending): Told {
  const { redirectUri: redirect_uri } = request
  const body = Object.fromEntries(membersOf(request, parameters))
  return { status: parameters.error === undefined ? 200 : 400, body: { ...body, redirect_uri }, login }
}

const access = loginProof('its request_uri, csrf value and cookie')

export const code = endpoint({
  method: 'POST',
  path: '/{tenant}/authn/code',
  summary: 'Takes one step of a login: proves a factor, sends a code, changes or resets a password, ends it.',
  access,
  accepts: { as: 'form', shape: codeRequest, alsoInQuery: true, maxBytes: 16_384 },
  answers: { status: 200, shape: codeAnswer },
  refusals: [
    'invalid_request',
    'invalid_request_uri',
    'csrf_mismatch',
    'invalid_grant',
    'access_denied',
    'authorization_pending',
    'no_template_found_for_criteria',
    'not_allowed',
    'transaction_failed',
    'unsupported_grant_type',
    'too_many_requests',
    'temporarily_unavailable',
    'not_found',
  ],

  async handle({ body }, situation: Situation<Tenant>, needs: SignInNeeds) {
    const step = steps.get(body.grant_type)
    if (!step) throw new Refusal('unsupported_grant_type')
    const call = {
      situation,
      requestUri: body.request_uri,
      as: 'call',
      field: body[CSRF],
      name: body.username,
      form: body,
    } as const
    return signInCall(call, needs, entered => step(entered, body, situation, needs))
  },
})

export const codeRedirect = endpoint({
  method: 'GET',
  path: '/{tenant}/authn/code',
  summary: 'Ends a login: sends the browser back to the client with the code, the id_token, or the error.',
  access,
  query: requestQuery,
  answers: { status: 302, shape: Type.String(), type: 'text/plain;charset=UTF-8' },
  refusals: [
    'invalid_request',
    'invalid_request_uri',
    'csrf_mismatch',
    'no_template_found_for_criteria',
    'not_allowed',
    'temporarily_unavailable',
    'not_found',
  ],

  async handle({ query }, situation: Situation<Tenant>, { logins }: SignInNeeds) {
    const { tenant, origin, correlation } = situation
    const { request_uri: requestUri } = query
    const passage = passageOf({ situation, requestUri, as: 'navigation' })
    const entered = await logins.enter(tenant, passage, undefined)
    try {
      const { request, parameters } = await logins.end(entered, correlation)
      const answer = redirectAnswer(request, parameters)
      return { ...answer, headers: { ...answer.headers, [CSRF]: logins.csrf(entered.login) } }
    } catch (error) {
      // A browser that came too early goes back to where the next step is.
      if (!(error instanceof Refusal) || error.code !== 'not_allowed' || !wantsPage(situation)) throw error
      const location = `${issuerOf(origin, tenant)}/portal?${new URLSearchParams({ request_uri: requestUri })}`
      return { status: 303, headers: { location }, body: '' }
    }
  },
})

function needed(text: string | undefined, name: string): string {
  if (!text) throw new Refusal('invalid_request', `${name} is needed.`)
  return text
}

/** The longest that is hashed. */
const LONGEST_SECRET = 512

function secretOf(given: CodeRequest['password']): string {
  if (given === undefined) return ''
  if (typeof given === 'string' && given.length <= LONGEST_SECRET) return given
  throw new Refusal('invalid_request', `password is a text of at most ${LONGEST_SECRET} characters here.`)
}

function readDevice(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined
  const id = idOf(text)
  if (id === undefined) throw new Refusal('invalid_request', 'device_id is not an internal device id.')
  return id
}

function readMethod(text: string | undefined, name: string): 'email' | 'sms' | undefined {
  if (text === undefined || text === '') return undefined
  if (text === 'email' || text === 'sms') return text
  throw new Refusal('invalid_request', `${name} is email or sms.`)
}
