/** A phone is being asked: its number, and a question at the server every few seconds until the time of the factor is over. */
import type { Screen } from '@countersign/protocol/portal/screen.ts'
import type { Say } from '@countersign/protocol/portal/wording.ts'
import { useEffect } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { Spinner } from '../ui/icon.tsx'
import type { Session } from './session.ts'

export interface WaitingProps {
  readonly session: Session
  readonly waiting: Screen['waiting']
  readonly say: Say
}

export function Waiting({ session, waiting, say }: WaitingProps) {
  useEffect(() => keepAsking(session), [])
  return (
    <div class="waiting">
      <div role="status">
        {waiting?.number !== undefined && (
          <p class="number">
            <span>{waiting.hint}</span> <strong>{waiting.number}</strong>
          </p>
        )}
        <p class="pending">
          <Spinner /> {say('PUSH.pending')}
        </p>
      </div>
      <Button press={() => session.leaveWait()}>{say('cancel_button')}</Button>
    </div>
  )
}

/** The reader waits for a card. */
export function Reading({ hint, stop, label }: { hint: string | undefined; stop: () => void; label: string }) {
  return (
    <div class="waiting">
      <p class="pending" role="status">
        <Spinner /> {hint}
      </p>
      <Button press={stop}>{label}</Button>
    </div>
  )
}

/** Asks again only after the last answer came; ends by itself when the screen goes away. */
function keepAsking(session: Session): () => void {
  const { interval_ms, timeout_ms } = session.pace()
  const ending = { over: false, timer: 0 }
  const until = performance.now() + timeout_ms
  const ask = async () => {
    await session.poll()
    if (ending.over) return
    if (performance.now() >= until) return session.giveUp()
    ending.timer = window.setTimeout(ask, interval_ms)
  }
  ending.timer = window.setTimeout(ask, interval_ms)
  return () => {
    ending.over = true
    window.clearTimeout(ending.timer)
  }
}
