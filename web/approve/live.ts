/**
 * While the app is in front: one event stream for each account, and a question every three seconds for those that wait to be
 * confirmed. In the background all of it rests; the service wakes us by a push instead.
 */
import type { Container } from '@countersign/sdk/container.ts'
import { type Desk, readAccounts } from './desk.ts'
import { readInbox, readInboxes } from './inboxes.ts'

const PENDING_MILLISECONDS = 3000

export function stayLive(desk: Desk): () => void {
  const streams = new Map<string, AbortController>()
  const match = () => {
    const wanted = document.visibilityState === 'visible' ? desk.state.get().containers.filter(streamable) : []
    for (const [id, closing] of streams) {
      if (wanted.some(one => one.id === id)) continue
      closing.abort()
      streams.delete(id)
    }
    for (const one of wanted) if (!streams.has(one.id)) streams.set(one.id, follow(desk, one))
  }
  const shown = () => {
    match()
    if (document.visibilityState === 'visible') void comeBack(desk)
  }
  const unwatch = desk.state.watch(match)
  const asking = setInterval(() => void askPending(desk), PENDING_MILLISECONDS)
  document.addEventListener('visibilitychange', shown)
  window.addEventListener('online', shown)
  navigator.serviceWorker?.addEventListener('message', shown)
  shown()
  return () => {
    unwatch()
    clearInterval(asking)
    document.removeEventListener('visibilitychange', shown)
    window.removeEventListener('online', shown)
    navigator.serviceWorker?.removeEventListener('message', shown)
    for (const closing of streams.values()) closing.abort()
  }
}

const streamable = ({ kind, status }: Container) => kind === 'online' && status === 'active'

async function comeBack(desk: Desk): Promise<void> {
  await readAccounts(desk)
  await readInboxes(desk)
  if (desk.app.pendingRemovals().length > 0) await desk.app.retryRemovals().catch(() => 0)
}

function follow(desk: Desk, container: Container): AbortController {
  const closing = new AbortController()
  const now = () => desk.state.get().containers.find(({ id }) => id === container.id) ?? container
  const ended = container
    .events(event => {
      if (event.kind === 'connected' || event.kind === 'request' || event.kind === 'notice') void readInbox(desk, now())
      if (event.kind === 'policy')
        void now()
          .refresh()
          .then(
            () => readAccounts(desk),
            () => undefined,
          )
    }, closing.signal)
    .catch(() => undefined)
  // Ended although nobody asked: the device is gone or suspended, which the vault knows.
  void ended.then(() => (closing.signal.aborted ? undefined : readAccounts(desk)))
  return closing
}

async function askPending(desk: Desk): Promise<void> {
  if (document.visibilityState !== 'visible') return
  const waiting = desk.state.get().containers.filter(({ status }) => status === 'pending')
  for (const one of waiting) {
    await one.refresh().catch(() => undefined)
    await readAccounts(desk)
  }
}
