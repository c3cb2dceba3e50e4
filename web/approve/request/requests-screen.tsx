/** The first screen: what waits for a decision, over all accounts, newest first. */
import { say } from '../../texts/say.ts'
import { agoOf, spanOf, timeOf } from '../../texts/times.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Icon, Spinner } from '../../ui/icon.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { useNow } from '../../ui/now.ts'
import { Screen } from '../../ui/screen.tsx'
import { useDesk, type Waiting } from '../desk.ts'
import { linkTo } from '../route.ts'
import { AccountStates } from './account-states.tsx'

export function RequestsScreen() {
  const { now } = useDesk()
  const { containers, waiting, notices } = now
  const clock = useNow()
  if (containers.length === 0) return <Welcome />
  const open = waiting.filter(({ expires_ms }) => expires_ms > clock)
  return (
    <Screen title={say('place.requests')}>
      <AccountStates />
      {open.length > 0 ? (
        <ul class="rows">
          {open.map(one => (
            <li key={`${one.container} ${one.id}`}>
              <WaitingRow waiting={one} clock={clock} />
            </li>
          ))}
        </ul>
      ) : (
        <Empty />
      )}
      <div class="actions">
        <LinkButton icon="scan" to={linkTo({ page: 'scan' })}>
          {say('scan.title')}
        </LinkButton>
      </div>
      {notices.length > 0 && (
        <section aria-labelledby="notices">
          <h2 id="notices">{say('notices.title')}</h2>
          <ul class="rows">
            {notices.map(({ id, text, at }) => (
              <li key={id} class="row">
                <span class="grow">
                  {text}
                  <span class="quiet">{timeOf(at)}</span>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Screen>
  )
}

/** Says that nothing waits only when every service was asked and answered. */
function Empty() {
  const { read, unreachable } = useDesk().now
  if (read && unreachable.length > 0) return null
  return (
    <div class="empty" role="status">
      {read ? <Icon name="shield" size={52} /> : <Spinner />}
      <p>{say(read ? 'requests.none' : 'requests.reading')}</p>
    </div>
  )
}

function WaitingRow({ waiting, clock }: { waiting: Waiting; clock: number }) {
  const { now } = useDesk()
  const container = now.containers.find(({ id }) => id === waiting.container)
  const { created_ms, expires_ms, purpose } = waiting
  return (
    <a class="row" href={linkTo({ page: 'request', container: waiting.container, id: waiting.id })}>
      <Monogram name={container?.serviceName ?? ''} colour={container?.colour} />
      <span class="grow">
        <strong>{say(`request.kind_${purpose}`)}</strong>
        <span>
          {container?.serviceName} · {container?.user}
        </span>
        <span class="quiet">
          {agoOf(created_ms / 1000, clock / 1000)} ·{' '}
          {say('request.left', { span: spanOf((expires_ms - clock) / 1000) })}
        </span>
      </span>
      <span class="chevron">
        <Icon name="chevron" />
      </span>
    </a>
  )
}

function Welcome() {
  return (
    <Screen title={say('welcome.title')}>
      <p class="lead">{say('welcome.lead')}</p>
      <ul class="promises">
        <li>
          <Icon name="bell" />
          {say('welcome.requests')}
        </li>
        <li>
          <Icon name="digits" />
          {say('welcome.codes')}
        </li>
        <li>
          <Icon name="shield" />
          {say('welcome.keys')}
        </li>
      </ul>
      <div class="actions">
        <LinkButton kind="primary" icon="plus" to={linkTo({ page: 'add' })}>
          {say('add.title')}
        </LinkButton>
      </div>
      <p class="quiet">{say('welcome.need')}</p>
    </Screen>
  )
}
