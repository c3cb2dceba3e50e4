/**
 * The same sign-in with the peer: PAR by Basic, the authorization endpoint, an interaction that says who it is (nothing is proved), the way
 * back with the code, the token endpoint. The fewest requests that its flow has; a browser of its own each time, so no session is met.
 */
import { codeIn, pushedBody, redeemBody } from './sign-in-cycle.ts'
import { form, got, headersOf, posted, type Walk } from './written-request.ts'

export interface PeerSignInPlan {
  readonly kind: 'peer sign-in'
  readonly client: string
  readonly authorization: string
  readonly users: number
  readonly first: number
}

export function* peerSignIns(plan: PeerSignInPlan): Generator<Walk, never> {
  const pushed = pushedBody(plan.client)
  for (let k = plan.first; ; k++) yield cycle(plan, pushed, `user-${k % plan.users}`)
}

function* cycle({ client, authorization }: PeerSignInPlan, pushed: string, user: string): Walk {
  const opened = yield posted(form('/request', authorization, ''), pushed)
  const { request_uri } = JSON.parse(opened.body) as { request_uri: string }
  const asked = yield got(`/auth?client_id=${client}&request_uri=${encodeURIComponent(request_uri)}`, '')
  const cookie = headersOf(asked, 'set-cookie')
    .map(line => line.split(';', 1)[0])
    .join('; ')
  const told = yield posted(form('/finish', '', ''), `client=${client}&user=${user}`, { cookie })
  const back = yield got(pathOf(headersOf(told, 'location')[0]), '', { cookie })
  yield posted(form('/token', authorization, ''), redeemBody(codeIn(headersOf(back, 'location')[0])))
}

function pathOf(location = ''): string {
  const { pathname, search } = new URL(location)
  return pathname + search
}
