/** The time that is left to decide. Said aloud only once, when half a minute is left: a clock that talks every second helps nobody. */
import { say } from '../../texts/say.ts'
import { spanOf } from '../../texts/times.ts'
import { Ring } from '../../ui/ring.tsx'

const WARN_SECONDS = 30

export function TimeLeft({ left, whole }: { left: number; whole: number }) {
  return (
    <div class="time-left">
      <Ring left={left} whole={whole} />
      <span>{say('request.left', { span: spanOf(left) })}</span>
      <span class="unseen" role="status">
        {left <= WARN_SECONDS ? say('request.hurry') : ''}
      </span>
    </div>
  )
}
