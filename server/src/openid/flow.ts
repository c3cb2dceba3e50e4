/** GET /{tenant}/authn/flow: what a page is to offer now. GET …/theme: how it looks. Calls of the reference's portal. */
import { flowAnswer, flowQuery, themeQuery } from '@countersign/protocol/openid/sign-in.ts'
import { Type } from 'typebox'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { DEFAULT_THEME } from '#domain/theme-document.ts'
import { endpoint, loginProof, type Situation } from '#http/endpoint.ts'
import { flowWire } from '#openid/flow-wire.ts'
import { type SignInNeeds, signInCall } from '#openid/sign-in-call.ts'

const shared = {
  access: loginProof('its request_uri, csrf value and cookie'),
  refusals: ['invalid_request', 'invalid_request_uri', 'csrf_mismatch', 'temporarily_unavailable', 'not_found'],
} as const
const NOT_KEPT = { 'cache-control': 'no-cache, no-store' } as const

export const flow = endpoint({
  ...shared,
  method: 'GET',
  path: '/{tenant}/authn/flow',
  summary: 'The factors and actions that a login offers to its person now.',
  query: flowQuery,
  answers: { status: 200, shape: flowAnswer },
  refusals: [...shared.refusals, 'no_template_found_for_criteria'],

  async handle({ query }, situation: Situation<Tenant>, needs: SignInNeeds) {
    const { request_uri: requestUri, username: name } = query
    const call = { situation, requestUri, as: 'call', name } as const
    const answer = await signInCall(call, needs, async entered => {
      const view = await needs.logins.flow(entered)
      return { status: 200, body: flowWire(view), login: view.login }
    })
    return { ...answer, headers: { ...answer.headers, ...NOT_KEPT } }
  },
})

export const theme = endpoint({
  ...shared,
  method: 'GET',
  path: '/{tenant}/authn/theme',
  summary: 'The theme of a login: the payload of its document.',
  query: themeQuery,
  answers: { status: 200, shape: Type.Record(Type.String(), Type.Unknown()) },

  handle({ query }, situation: Situation<Tenant>, needs: SignInNeeds) {
    const { request_uri: requestUri, theme_id: id } = query
    const call = { situation, requestUri, as: 'call' } as const
    return signInCall(call, needs, async ({ login }) => {
      const { configuration } = login.tenant
      const found = configuration.findTheme(id || (needs.logins.themeOf(login) ?? DEFAULT_THEME))
      if (!found) throw new Refusal('not_found', 'There is no theme with this id.')
      return { status: 200, body: found.payload as Record<string, unknown>, login }
    })
  },
})
