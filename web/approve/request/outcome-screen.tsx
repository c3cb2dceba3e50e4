/** What became of a decision, as the service took it: a wrong number is a denial, and is said to be one. */
import { say } from '../../texts/say.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Screen } from '../../ui/screen.tsx'
import { linkTo } from '../route.ts'
import { MessageView } from './message-view.tsx'
import type { ShownRequest } from './shown-request.ts'
import { doneText, pastLine } from './statuses.ts'

interface Props {
  readonly shown: ShownRequest
  /** What the user chose, and what the service took it for. */
  readonly wanted: string
  readonly status: string
}

export function OutcomeScreen({ shown: { request, container }, wanted, status }: Props) {
  const positive = status === request.statuses[0]
  const wrong = wanted !== status
  return (
    <Screen
      title={wrong ? say('decided.wrong_number') : doneText(status)}
      sign={
        <p class={positive ? 'outcome' : 'outcome negative'} aria-hidden="true">
          <Icon name={positive ? 'tick' : status === 'report' ? 'flag' : 'cross'} size={44} />
        </p>
      }
    >
      <p class="lead" role="status">
        {wrong ? say('decided.wrong_number_next') : lead(status, positive, request.client.name)}
      </p>
      <article class="request card past">
        <MessageView tds={request.tds} />
        <p class="quiet">{pastLine(request.client.name, container.serviceName, Date.now() / 1000)}</p>
      </article>
      <div class="actions">
        <LinkButton kind="primary" to={linkTo({ page: 'requests' })}>
          {say('action.done')}
        </LinkButton>
        <LinkButton kind="text" to={linkTo({ page: 'history', container: container.id })}>
          {say('history.title')}
        </LinkButton>
      </div>
    </Screen>
  )
}

function lead(status: string, positive: boolean, client: string): string {
  if (positive) return say('decided.accept_next', { client })
  return status === 'report' ? say('decided.report_next') : say('decided.deny_next', { client })
}
