/** The six characters that both sides show while a registration waits to be confirmed (approve protocol, section 4). */
import type { Container } from '@countersign/sdk/container.ts'
import { say } from '../../texts/say.ts'
import { Spinner } from '../../ui/icon.tsx'

export function ConfirmationCode({ container }: { container: Container }) {
  const code = container.confirmationCode
  if (code === undefined) return null
  return (
    <div class="card confirmation">
      <p>{say('confirm.compare')}</p>
      <p class="code" dir="ltr">
        <span aria-hidden="true">{code}</span>
        <span class="unseen">{[...code].join(' ')}</span>
      </p>
      <p class="quiet">{say('confirm.differs')}</p>
      <p class="waiting" role="status">
        <Spinner />
        {say('confirm.waiting')}
      </p>
    </div>
  )
}
