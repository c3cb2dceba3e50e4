/**
 * What the calls of a login share: what the caller shows, and how it is answered. Every answer repeats the csrf value of now in the header
 * `server-csrf-token`, refusals too, but only to whoever was let in. A page without scripts (`Accept: text/html`) is sent back to the
 * portal, which shows what is next; the error travels as its code.
 */
import { CSRF } from '@countersign/protocol/openid/sign-in.ts'
import type { Login } from '#authentication/login-find.ts'
import type { Passage } from '#authentication/login-gate.ts'
import type { Logins } from '#authentication/logins.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Answer, Situation } from '#http/endpoint.ts'
import { openidDialect } from '#openid/dialect.ts'
import { issuerOf } from '#openid/issuer.ts'
import { backTo, portalAddress } from '#openid/portal-page/address.ts'

export interface SignInNeeds {
  readonly logins: Logins
}

type Entered = Awaited<ReturnType<Logins['enter']>>

export interface SignInCall {
  readonly situation: Situation<Tenant>
  readonly requestUri: string
  readonly as: Passage['as']
  /** In the place of the header, of a page without scripts. */
  readonly field?: string | undefined
  readonly name?: string | undefined
  /** Of a page without scripts: the form that was sent, which says where it stood. */
  readonly form?: Readonly<Record<string, unknown>> | undefined
}

/** What a step answers, and the login as it left it. */
export interface Told {
  readonly status: number
  readonly body: Readonly<Record<string, unknown>>
  readonly login: Login
}

export function passageOf({ situation, requestUri, as, field }: SignInCall): Passage {
  const { headers } = situation
  const header = headers[CSRF]
  if (header !== undefined && field !== undefined && header !== field) throw new Refusal('csrf_mismatch')
  return { requestUri, as, csrf: header ?? field, cookies: headers.cookie }
}

/** Lets the caller in, runs the step, answers; a refusal after the door keeps the csrf header. */
export async function signInCall(
  call: SignInCall,
  { logins }: SignInNeeds,
  step: (entered: Entered) => Promise<Told>,
): Promise<Answer<unknown>> {
  const entered = await logins.enter(call.situation.tenant, passageOf(call), call.name).catch(error => {
    if (error instanceof Refusal && wantsPage(call.situation)) return error
    throw error
  })
  if (entered instanceof Refusal) return pageAnswer(call, worded(call.situation, entered))
  try {
    return shaped(call, logins, await step(entered))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { status, headers, body } = worded(call.situation, error)
    return shaped(call, logins, { status, body, login: entered.login }, headers)
  }
}

function shaped(call: SignInCall, logins: Logins, told: Told, more: Answer<unknown>['headers'] = {}): Answer<unknown> {
  if (wantsPage(call.situation) && call.field !== undefined) return pageAnswer(call, told)
  return { status: told.status, headers: { ...more, [CSRF]: logins.csrf(told.login) }, body: told.body }
}

function worded(situation: Situation<Tenant>, refusal: Refusal) {
  const { status, headers, body } = openidDialect.refuse(refusal, situation)
  return { status, headers, body: body as Told['body'] }
}

/** A browser that posted a form, and no program of a page. */
export const wantsPage = ({ headers }: Situation<Tenant>) => /^text\/html\b/.test(headers.accept ?? '')

function pageAnswer(
  { situation, requestUri, form = {} }: SignInCall,
  told: Pick<Told, 'body' | 'status'>,
): Answer<unknown> {
  const location = portalAddress(issuerOf(situation.origin, situation.tenant), requestUri, backTo(form, told))
  return { status: 303, headers: { location }, body: {} }
}
