/**
 * One sign-in from the pushed request to the tokens, by an application's own front end (RFC 9126, RFC 6749 section 4.1): PAR by bearer, what
 * may be proved, a one-time code, the redirect with the code, the token endpoint by Basic, with PKCE. The csrf value is read out of the answers.
 */
import { createHash } from 'node:crypto'
import { benchCode, benchUser } from './bench-users.ts'
import { form, got, headersOf, posted, type Walk } from './written-request.ts'

export interface SignInPlan {
  readonly kind: 'sign-in'
  readonly tenant: string
  readonly client: string
  readonly basic: string
  readonly bearer: string
  readonly policy: string
  /** Sign-in k is of user k % users and has counter floor(k / users). */
  readonly users: number
  readonly first: number
}

export const REDIRECT = 'https://rp.example.org/back'
export const VERIFIER = 'bench-bench-bench-bench-bench-bench-bench-bench'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')
const CSRF = 'server-csrf-token'

/** What both servers are asked for. */
export const pushedBody = (client: string): string =>
  String(
    new URLSearchParams({
      response_type: 'code',
      client_id: client,
      redirect_uri: REDIRECT,
      scope: 'openid',
      state: 'a-state-of-the-bench',
      nonce: 'a-nonce-of-the-bench',
      code_challenge: CHALLENGE,
      code_challenge_method: 'S256',
    }),
  )

export const redeemBody = (code: string): string =>
  String(
    new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT,
      code_verifier: VERIFIER,
    }),
  )

export const codeIn = (location: string | undefined): string => {
  const code = new URL(location ?? 'none:').searchParams.get('code')
  if (code === null) throw new Error(`there is no code in ${location}`)
  return code
}

export function* signIns(plan: SignInPlan): Generator<Walk, never> {
  const pushed = pushedBody(plan.client)
  for (let k = plan.first; ; k++) {
    const n = (k % plan.users) + 1
    yield cycle(plan, pushed, benchUser(n), () => benchCode(n, Math.floor(k / plan.users)))
  }
}

function* cycle({ tenant, basic, bearer, policy }: SignInPlan, pushed: string, user: string, code: () => string): Walk {
  const authn = `/${tenant}/authn`
  const opened = yield posted(form(`${authn}/par`, bearer, ''), pushed)
  const { request_uri } = JSON.parse(opened.body) as { request_uri: string }
  const uri = encodeURIComponent(request_uri)
  const flow = yield got(`${authn}/flow?request_uri=${uri}&username=${user}`, '')
  const proof = `grant_type=password&request_uri=${uri}&authType=${policy}&username=${user}&password=${code()}`
  const proved = yield posted(form(`${authn}/code`, '', ''), proof, csrfOf(flow))
  const back = yield got(`${authn}/code?request_uri=${uri}`, '', csrfOf(proved))
  yield posted(form(`${authn}/token`, basic, ''), redeemBody(codeIn(headersOf(back, 'location')[0])))
}

export const csrfOf = (answer: Parameters<typeof headersOf>[0]) => ({ [CSRF]: headersOf(answer, CSRF)[0] ?? '' })
