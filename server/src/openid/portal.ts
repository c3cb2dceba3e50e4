/**
 * GET /{tenant}/authn/portal: the page on which people sign in. POST: the same page after a user name was typed without scripts; it
 * changes nothing. Surprise: only the browser of a login is shown anything of it (security.md P6); a visit from another site,
 * which brings no cookie, is sent to the same page once more from here.
 */
import { BRIDGE_PORT } from '@countersign/protocol/card/bridge.ts'
import { CSRF } from '@countersign/protocol/openid/sign-in.ts'
import { Type } from 'typebox'
import type { Logins } from '#authentication/logins.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { DEFAULT_THEME } from '#domain/theme-document.ts'
import { PAGE_POLICY } from '#http/answer.ts'
import { anyone, endpoint, type Situation } from '#http/endpoint.ts'
import { flowWire } from '#openid/flow-wire.ts'
import { issuerOf } from '#openid/issuer.ts'
import { type BuiltFiles, namedFiles } from '#openid/portal-files.ts'
import { nameRequest, type PortalQuery, portalAddress, portalQuery } from '#openid/portal-page/address.ts'
import { awayPage, portalPage, type Reader, strangerPage, type Visit } from '#openid/portal-page/page.ts'
import { readerLanguages } from '#openid/portal-page/reader-languages.ts'

interface Needs {
  readonly logins: Logins
  readonly portalFiles: BuiltFiles
}

type Entered = NonNullable<Awaited<ReturnType<Logins['look']>>>

const shared = {
  path: '/{tenant}/authn/portal',
  access: anyone('people come here before they have signed in; what belongs to a login is shown to its browser only'),
  answers: { status: 200, shape: Type.String(), type: 'text/html;charset=UTF-8' },
  refusals: ['invalid_request', 'temporarily_unavailable', 'not_found'],
} as const

export const portal = endpoint({
  ...shared,
  method: 'GET',
  summary: 'The page on which people sign in.',
  query: portalQuery,

  async handle({ query }, situation: Situation<Tenant>, needs: Needs) {
    const { request_uri: requestUri } = query
    if (requestUri === undefined) return { body: strangerPage(readerOf(situation, needs.portalFiles)) }
    const passage = { requestUri, csrf: undefined, cookies: situation.headers.cookie, as: 'navigation' } as const
    const entered = await needs.logins.look(situation.tenant, passage)
    const reader = readerOf(situation, needs.portalFiles, entered?.login.request.locales)
    if (entered !== undefined) {
      const body = await pageOf(entered, { ...query, request_uri: requestUri }, undefined, reader, needs)
      return { body, headers: policyOf(entered) }
    }
    return { body: query.again === undefined ? awayPage(requestUri, reader) : strangerPage(reader) }
  },
})

export const portalName = endpoint({
  ...shared,
  method: 'POST',
  summary: 'The same page for the user name that was typed, in browsers without scripts.',
  accepts: { as: 'form', shape: nameRequest, maxBytes: 4096 },

  async handle({ body }, situation: Situation<Tenant>, needs: Needs) {
    const { request_uri: requestUri, username, at } = body
    const passage = { requestUri, csrf: body[CSRF] ?? '', cookies: situation.headers.cookie, as: 'call' } as const
    const entered = await needs.logins.enter(situation.tenant, passage, username).catch(error => {
      if (error instanceof Refusal && LOST.some(code => code === error.code)) return undefined
      throw error
    })
    // Another tab was faster: the page as it is now.
    if (entered === undefined) {
      const location = portalAddress(issuerOf(situation.origin, situation.tenant), requestUri)
      return { status: 303, headers: { location }, body: '' }
    }
    const reader = readerOf(situation, needs.portalFiles, entered.login.request.locales)
    const query = { request_uri: requestUri, ...(at === undefined ? {} : { at }) }
    return { body: await pageOf(entered, query, username, reader, needs), headers: policyOf(entered) }
  },
})

/** A page whose login has something to do with cards may talk to the card bridge of its own machine; no other may. */
function policyOf({ login: { workflow } }: Entered): Readonly<Record<string, string>> {
  const parts = workflow ? [...workflow.firstFactors, ...workflow.secondFactors, ...workflow.enrolActions] : []
  if (!parts.some(one => one.class === 'CARD')) return {}
  const connect = `connect-src 'self' http://127.0.0.1:${BRIDGE_PORT}`
  return { 'content-security-policy': PAGE_POLICY.replace("connect-src 'self'", connect) }
}

const LOST = ['csrf_mismatch', 'invalid_request_uri'] as const

export function readerOf({ tenant, origin, headers }: Situation<Tenant>, files: BuiltFiles, locales?: string): Reader {
  return {
    languages: readerLanguages(locales, headers['accept-language']),
    base: `${new URL(issuerOf(origin, tenant)).pathname}/`,
    files: namedFiles(files),
  }
}

async function pageOf(
  entered: Entered,
  query: PortalQuery & { readonly request_uri: string },
  typed: string | undefined,
  reader: Reader,
  { logins }: Needs,
): Promise<string> {
  const { login } = entered
  const themeId = logins.themeOf(login)
  const { view, error } = await viewOf(entered, logins)
  const now = view?.login ?? login
  const visit: Visit = {
    requestUri: query.request_uri,
    csrf: logins.csrf(now),
    clientName: login.client.document.name,
    themeId,
    theme: login.tenant.configuration.findTheme(themeId ?? DEFAULT_THEME)?.payload,
    flow: view === undefined ? { progress: { step: 'first', username: entered.name } } : flowWire(view),
    named: now.progress.user?.name ?? login.request.loginHint,
    typed: typed || undefined,
    sharings: view?.step === 'consent' ? await sharingsOf(entered, logins) : undefined,
  }
  return portalPage(visit, error === undefined ? query : { ...query, error }, reader)
}

/** Where no way of the workflow fits the person, that is what the page says. */
async function viewOf(entered: Entered, logins: Logins) {
  try {
    return { view: await logins.flow(entered), error: undefined }
  } catch (error) {
    if (error instanceof Refusal && error.code === 'no_template_found_for_criteria') {
      return { view: undefined, error: error.code }
    }
    throw error
  }
}

async function sharingsOf(entered: Entered, logins: Logins) {
  return (await logins.sharings(entered)).map(({ scope }) => ({ scope, description: scope }))
}
