/**
 * A challenge for a key or a card is kept in its login, in the place of the one before. It is no step: the time to begin does not grow by
 * it. So many may be asked for in one login, of all its factors and enrolments.
 */
import { changeOf, type Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import type { LoginProgress } from '#domain/login.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'

const MOST_CHALLENGES = 100
/** All are counted, so that too many and a login that moved are told apart. */
const COUNTED = 1_000_000

/** `what` names the count. */
export async function keepChallenge(
  { store, logins, clock }: LoginNeeds,
  login: Login,
  what: string,
  asked: Pick<LoginProgress, 'passkey' | 'card'>,
): Promise<Login> {
  const { tenant, row } = login
  const progress: LoginProgress = { ...login.progress, ...asked }
  const change = changeOf(login, clock.now(), progress, { expiresAt: row.expiresAt })
  const kept = await store.write(tenant.number, function* (): Unit<'kept' | 'enough' | 'moved'> {
    const taken = yield* first(logins.takeTry(tenant.number, row.id, what, COUNTED, row.revision))
    if (!taken) return 'moved'
    if (taken.tries > MOST_CHALLENGES) return 'enough'
    return (yield* first(logins.change(tenant.number, row.id, change))) ? 'kept' : 'moved'
  })
  if (kept === 'enough') throw new Refusal('too_many_requests', undefined, { retryAfter_seconds: 60 })
  if (kept === 'moved') throw new Refusal('temporarily_unavailable', 'The login went on meanwhile. Try again.')
  return { ...login, progress, row: { ...row, revision: row.revision + 1 } }
}
