/**
 * Passkeys among the names that the browser proposes (Web Authentication section 5.1.4, `conditional`): asked for quietly while a user name
 * is asked for, with a new challenge before the old one is over. Whoever types a name never notices.
 */
import { discoverable } from '@countersign/protocol/portal/scene.ts'
import type { Passkeys } from './passkeys.ts'
import type { Session } from './session.ts'

/** The server's challenge is good for five minutes. */
const RENEW_MS = 240_000

/** Ends by what it answers. */
export function proposePasskeys(session: Session, passkeys: Passkeys): () => void {
  const ending = new AbortController()
  void propose(session, passkeys, ending.signal)
  return () => ending.abort()
}

async function propose(session: Session, passkeys: Passkeys, signal: AbortSignal): Promise<void> {
  const factor = discoverable(session.state.get().flow)
  if (factor === undefined || !(await passkeys.conditional())) return
  const named = { authType: factor.code }
  while (!signal.aborted) {
    const options = await session.calls.code({ ...named, grant_type: 'fido_challenge' })
    if (options.status !== 200 || signal.aborted) return
    const renewal = AbortSignal.timeout(RENEW_MS)
    const outcome = await passkeys.get(options.body, AbortSignal.any([signal, renewal]), 'conditional')
    if ('made' in outcome) return session.bring({ at: 'prove', factor: factor.id }, named, outcome.made)
    if (!renewal.aborted) return
  }
}
