/**
 * A login begins: an application pushes what it asks for (RFC 9126), or a browser brings it along; then a browser visits. A visit from
 * another browser than before sets the login back to no factor: who opens a half-done login of somebody else gains nothing.
 */
import type { KnownClient } from '#authentication/client-book.ts'
import { changeOf, findLogin, type Login } from '#authentication/login-find.ts'
import { currentCsrf, ownBrowser } from '#authentication/login-gate.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { isOver } from '#authentication/login-step.ts'
import { type AuthorizationRequest, NO_PROGRESS } from '#domain/login.ts'
import { first } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

/** Seconds until somebody must have come. */
const PUSHED_SECONDS = 300

export interface Started {
  readonly requestUri: string
  readonly expires_in_seconds: number
}

export interface Visited {
  readonly requestUri: string
  readonly csrf: string
  /** Undefined: the browser has it already. */
  readonly cookie: string | undefined
  readonly expiresAt_ms: number
  readonly themeId: string | undefined
}

export async function startLogin(
  needs: LoginNeeds,
  tenant: Tenant,
  client: KnownClient,
  request: AuthorizationRequest,
): Promise<Started> {
  const { store, logins, handles, happenings, clock, workflows } = needs
  const id = happenings.next()
  const { text, proof } = handles.make('request_uri', id)
  const now = clock.now()
  const row = logins.add(tenant.number, {
    id,
    proof,
    client: client.clientId,
    request: JSON.stringify(request),
    workflow: workflows.current(tenant, client.document.workflowId)?.hash ?? '',
    createdAt: now,
    expiresAt: now + PUSHED_SECONDS * 1000,
  })
  await store.write(tenant.number, () => first(row))
  return { requestUri: text, expires_in_seconds: PUSHED_SECONDS }
}

/** `clientId` is what the browser was sent with; it must be the one that pushed. */
export async function visitLogin(
  needs: LoginNeeds,
  tenant: Tenant,
  requestUri: string,
  clientId: string,
  cookies: string | undefined,
): Promise<Visited> {
  const { store, logins, clock, loginSecrets } = needs
  const { login } = await findLogin(needs, tenant, requestUri, undefined)
  if (login.client.clientId !== clientId) throw new Refusal('invalid_request_uri')
  const again = ownBrowser(needs, login, { requestUri, cookies, csrf: undefined, as: 'navigation' })
  const themeId = themeOf(login)
  if (again) {
    return {
      ...{ requestUri, themeId },
      csrf: currentCsrf(needs, login),
      cookie: undefined,
      expiresAt_ms: login.row.expiresAt,
    }
  }
  const { cookie, proof } = loginSecrets.newBrowser()
  const csrf = login.row.csrf + 1
  // What is over stays over: its tries are spent, and the client hears of it from this browser.
  const { error } = login.progress
  const progress = error !== undefined && isOver(login) ? { error } : NO_PROGRESS
  const change = changeOf(login, clock.now(), progress, { csrf, browser: proof })
  const changed = await store.write(tenant.number, () => first(logins.change(tenant.number, login.row.id, change)))
  if (!changed) throw new Refusal('temporarily_unavailable', 'The login was opened twice at the same moment.')
  return {
    ...{ requestUri, themeId, cookie },
    csrf: currentCsrf(needs, login, csrf),
    expiresAt_ms: change.expiresAt,
  }
}

/** Of the workflow, or else of the client. */
export function themeOf({ workflow, client }: Login): string | undefined {
  return workflow?.themeId || client.document.themeId || undefined
}
