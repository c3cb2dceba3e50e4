/**
 * What a person agrees to share with a client. Asked where the client registered `hid_client_consentprompt`, for scopes that were not
 * agreed to before, whose time is over, or that are new; and by `prompt=consent` in any case. A refusal is told to the client as
 * `access_denied`. OpenID Connect Core sections 3.1.2.1 and 3.1.2.4.
 */
import { changeOf, type Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import type { LoginProgress } from '#domain/login.ts'
import type { ConsentRow } from '#domain/ports/login-queries.ts'
import { first, rowsOf } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'

export interface Sharing {
  readonly scope: string
  readonly accepted: boolean
  /** Seconds; undefined: without end. */
  readonly seconds: number | undefined
}

export interface SharingView {
  readonly scope: string
  readonly status: 'accepted' | 'refused' | 'unknown'
}

/** Without it nothing is left of the request. */
const NEEDED = 'openid'

/** `prompt=consent` asks once more, whatever was agreed to before. */
const askedAgain = ({ request }: Login): boolean => request.prompt?.split(' ').includes('consent') === true

/** Whether this login asks its person at all. */
export const asksConsent = (login: Login): boolean => login.client.document.consentPrompt === true || askedAgain(login)

export async function consentNeeded(needs: LoginNeeds, login: Login): Promise<boolean> {
  const { progress, request } = login
  if (!asksConsent(login) || progress.consented !== undefined) return false
  if (askedAgain(login)) return true
  const kept = await keptConsents(needs, login)
  return !request.scope.split(' ').every(scope => kept.get(scope)?.status === 'accepted')
}

export async function sharingsOf(needs: LoginNeeds, login: Login): Promise<readonly SharingView[]> {
  if (login.progress.user === undefined) throw new Refusal('not_allowed', 'Nobody has signed in yet.')
  const kept = await keptConsents(needs, login)
  return login.request.scope.split(' ').map(scope => ({ scope, status: kept.get(scope)?.status ?? 'unknown' }))
}

async function keptConsents(needs: LoginNeeds, { tenant, client, progress }: Login) {
  const { store, logins, clock } = needs
  const user = progress.user?.id ?? 0
  const rows = await store.read(tenant.number, () => rowsOf(logins.consents(tenant.number, user, client.clientId)))
  const now = clock.now()
  return new Map(rows.filter(({ until }) => until === null || until > now).map(row => [row.scope, row]))
}

/** Every scope of the request is answered for: what is not named is not shared. */
export async function signConsent(
  needs: LoginNeeds,
  login: Login,
  sharings: readonly Sharing[],
  correlation: string,
): Promise<Login> {
  const { store, logins, clock, recorder } = needs
  const { tenant, row, client, request, progress } = login
  const { user } = progress
  if (user === undefined) throw new Refusal('not_allowed', 'Nobody has signed in yet.')
  const asked = request.scope.split(' ')
  const stranger = sharings.find(({ scope }) => !asked.includes(scope))
  if (stranger) throw new Refusal('invalid_request', 'A scope was not asked for.')
  const now = clock.now()
  const answers = asked.map(scope => answerTo(scope, sharings, now))
  const consented = answers.flatMap(({ scope, status }) => (status === 'accepted' ? [scope] : []))
  const refused = !consented.includes(NEEDED)
  const after: LoginProgress = refused
    ? { ...progress, error: { error: 'access_denied', description: 'The user did not agree.' } }
    : { ...progress, consented }
  const event = recorder.record(tenant.number, {
    action: 'signConsent',
    result: refused ? 'FAILURE' : 'SUCCESS',
    actor: { kind: 'client', id: client.clientId },
    user: user.id,
    parameters: { COI: correlation, TEXT1: consented.join(' ') },
  })
  const done = await store.write(tenant.number, function* () {
    const changed = yield* first(logins.change(tenant.number, row.id, changeOf(login, now, after)))
    if (!changed) return false
    yield [...answers.map(one => logins.sign(tenant.number, user.id, client.clientId, one, now)), ...event.queries]
    return true
  })
  if (!done) throw new Refusal('invalid_request_uri')
  return { ...login, progress: after, row: { ...row, revision: row.revision + 1 } }
}

function answerTo(scope: string, sharings: readonly Sharing[], now: number): ConsentRow {
  const answer = sharings.find(one => one.scope === scope)
  const until = answer?.seconds === undefined ? null : now + answer.seconds * 1000
  return { scope, status: answer?.accepted === true ? 'accepted' : 'refused', until }
}
