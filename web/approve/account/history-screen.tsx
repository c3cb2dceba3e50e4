/** What was decided on this device, newest first: kept here and nowhere else by the app. */
import { say } from '../../texts/say.ts'
import { Icon } from '../../ui/icon.tsx'
import { Screen } from '../../ui/screen.tsx'
import { useDesk } from '../desk.ts'
import { MessageView } from '../request/message-view.tsx'
import { doneText, pastLine } from '../request/statuses.ts'
import { linkTo } from '../route.ts'
import { AccountGone } from './account-screen.tsx'

export function HistoryScreen({ container: id }: { container: string }) {
  const { now } = useDesk()
  const container = now.containers.find(one => one.id === id)
  if (!container) return <AccountGone />
  const { history, serviceName } = container
  return (
    <Screen title={say('history.title')} back={{ to: linkTo({ page: 'account', container: id }), label: serviceName }}>
      <p class="lead">{say('history.lead')}</p>
      {history.length === 0 && (
        <div class="empty">
          <Icon name="clock" size={52} />
          <p>{say('history.none')}</p>
        </div>
      )}
      <ol class="past-decisions">
        {history.map(({ id: key, status, tds, client, at, purpose }) => (
          <li key={key} class="card past">
            <h2>{doneText(status)}</h2>
            <MessageView tds={tds} />
            <p class="quiet">
              {say(`request.kind_${purpose}`)} · {pastLine(client, serviceName, at)}
            </p>
          </li>
        ))}
      </ol>
    </Screen>
  )
}
