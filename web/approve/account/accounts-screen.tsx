/** All accounts of this device, oldest first, and removals that the service has not heard of yet. */
import { say } from '../../texts/say.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { Screen } from '../../ui/screen.tsx'
import { useDesk } from '../desk.ts'
import { linkTo } from '../route.ts'

export function AccountsScreen() {
  const { app, now } = useDesk()
  const unheard = app.pendingRemovals()
  return (
    <Screen title={say('place.accounts')}>
      {now.containers.length === 0 ? (
        <div class="empty">
          <Icon name="people" size={52} />
          <p>{say('accounts.none')}</p>
        </div>
      ) : (
        <ul class="rows">
          {now.containers.map(({ id, serviceName, colour, user, status }) => (
            <li key={id}>
              <a class="row" href={linkTo({ page: 'account', container: id })}>
                <Monogram name={serviceName} colour={colour} />
                <span class="grow">
                  <strong>{serviceName}</strong>
                  <span class="quiet">{user}</span>
                  {status !== 'active' && <span class="state">{say(`status.${status}`)}</span>}
                </span>
                <span class="chevron">
                  <Icon name="chevron" />
                </span>
              </a>
            </li>
          ))}
        </ul>
      )}
      {unheard.map(({ id, serviceName, user }) => (
        <Callout key={id} tone="info" title={say('removal.unheard', { service: serviceName, user })}>
          <p>{say('removal.unheard_next')}</p>
        </Callout>
      ))}
      <div class="actions">
        <LinkButton kind="primary" icon="plus" to={linkTo({ page: 'add' })}>
          {say('add.title')}
        </LinkButton>
      </div>
    </Screen>
  )
}
