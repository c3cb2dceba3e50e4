/**
 * `/{tenant}/authn/consent`: what a person is asked to share with a client (GET), and his answer (PUT, also POST), as form or JSON. The
 * reference's calls; a scope that is not named in the answer is not shared.
 */
import {
  type ConsentRequest,
  CSRF,
  consentAnswer,
  consentRequest,
  flowQuery,
  sharing,
} from '@countersign/protocol/openid/sign-in.ts'
import { Type } from 'typebox'
import { Value } from 'typebox/value'
import type { Sharing } from '#authentication/login-consent.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { endpoint, loginProof, type Situation } from '#http/endpoint.ts'
import { type SignInNeeds, signInCall } from '#openid/sign-in-call.ts'

const access = loginProof('its request_uri, csrf value and cookie')
const refusals = [
  'invalid_request',
  'invalid_request_uri',
  'csrf_mismatch',
  'not_allowed',
  'temporarily_unavailable',
  'not_found',
] as const

/** What a scope means to a person. */
const descriptions: Readonly<Record<string, string>> = {
  openid: 'Your user name',
  profile: 'Your name and your groups',
  email: 'Your e-mail address',
  phone: 'Your phone number',
  offline_access: 'Access while you are away',
  'hid-tx-sign': 'What you approve, with your signature',
}
/** Seconds for which it is shared; -1: until it is taken back. */
const WITHOUT_END = -1

export const consent = endpoint({
  method: 'GET',
  path: '/{tenant}/authn/consent',
  summary: 'What the person is asked to share.',
  access,
  query: flowQuery,
  answers: { status: 200, shape: consentAnswer },
  refusals: [...refusals],

  handle({ query }, situation: Situation<Tenant>, needs: SignInNeeds) {
    const { request_uri: requestUri } = query
    return signInCall({ situation, requestUri, as: 'call' }, needs, async entered => {
      const sharings = await needs.logins.sharings(entered)
      const { client } = entered.login
      const body = {
        consents: [
          {
            clientid: client.clientId,
            sharing_duration: WITHOUT_END,
            description: client.document.name,
            sharings: sharings.map(({ scope, status }) => ({
              scope,
              description: descriptions[scope] ?? scope,
              status,
            })),
          },
        ],
      }
      return { status: 200, body, login: entered.login }
    })
  },
})

const signing = {
  path: '/{tenant}/authn/consent',
  summary: 'Takes the answer of the person.',
  access,
  accepts: { as: 'form', shape: consentRequest, alsoInQuery: true, maxBytes: 16_384 },
  answers: { status: 200, shape: Type.Object({}) },
  refusals: [...refusals],
  handle: ({ body }: { readonly body: ConsentRequest }, situation: Situation<Tenant>, needs: SignInNeeds) =>
    signInCall({ situation, requestUri: body.request_uri, as: 'call', field: body[CSRF] }, needs, async entered => {
      const login = await needs.logins.sign(entered, readSharings(body), situation.correlation)
      return { status: 200, body: {}, login }
    }),
} as const

export const signConsent = endpoint({ ...signing, method: 'PUT' })
export const signConsentByPost = endpoint({ ...signing, method: 'POST' })

/** A JSON list; of a page without scripts the fields `scope_<name>` with `accepted`, and `answer` that refuses all. */
function readSharings(body: ConsentRequest): readonly Sharing[] {
  const { sharings } = body
  if (sharings === undefined) return readFields(body as Readonly<Record<string, unknown>>)
  const list: unknown = typeof sharings === 'string' ? parsed(sharings) : sharings
  if (!Array.isArray(list) || list.length > 100) throw new Refusal('invalid_request', 'sharings is a JSON list.')
  return list.map(one => {
    if (!Value.Check(sharing, one)) throw new Refusal('invalid_request', 'A sharing has scope, status and exp.')
    return { scope: one.scope, accepted: readStatus(one.status), seconds: readSeconds(one.exp) }
  })
}

function readFields(body: Readonly<Record<string, unknown>>): readonly Sharing[] {
  const refused = body.answer === 'refused'
  const named = Object.keys(body).flatMap(name => (name.startsWith('scope_') ? [name.slice('scope_'.length)] : []))
  if (named.length === 0 && !refused) throw new Refusal('invalid_request', 'sharings is needed.')
  return refused ? [] : named.map(scope => ({ scope, accepted: true, seconds: undefined }))
}

function readStatus(status: string): boolean {
  if (status === 'accepted') return true
  if (status === 'refused' || status === 'denied') return false
  throw new Refusal('invalid_request', 'status is accepted or refused.')
}

function readSeconds(exp: string | number | undefined): number | undefined {
  if (exp === undefined || exp === '') return undefined
  const seconds = Number(exp)
  if (!Number.isInteger(seconds) || seconds < -1 || seconds > 1e9)
    throw new Refusal('invalid_request', 'exp is a number of seconds.')
  return seconds === -1 ? undefined : seconds
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Refusal('invalid_request', 'sharings is a JSON list.')
  }
}
