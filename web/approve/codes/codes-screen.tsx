/** One-time codes of all accounts. They are made on this device: no network is needed. */
import { say } from '../../texts/say.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { Screen } from '../../ui/screen.tsx'
import { useDesk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { OneTimeCode } from './one-time-code.tsx'

export function CodesScreen() {
  const { now } = useDesk()
  const able = now.containers.filter(({ codes, status }) => codes.length > 0 && status !== 'pending')
  return (
    <Screen title={say('place.codes')}>
      {able.length === 0 && (
        <div class="empty">
          <Icon name="digits" size={52} />
          <p>{say('codes.none')}</p>
          <LinkButton kind="primary" icon="plus" to={linkTo({ page: 'add' })}>
            {say('add.title')}
          </LinkButton>
        </div>
      )}
      {able.map(container => (
        <section key={container.id} class="card" aria-label={`${container.serviceName}, ${container.user}`}>
          <div class="who">
            <Monogram name={container.serviceName} colour={container.colour} />
            <div>
              <strong>{container.serviceName}</strong>
              <span class="quiet">{container.user}</span>
            </div>
          </div>
          {container.codes.includes('otp') && <OneTimeCode container={container} />}
          {container.codes.some(use => use !== 'otp') && (
            <LinkButton kind="text" icon="keyboard" to={linkTo({ page: 'code', container: container.id })}>
              {say('codes.more')}
            </LinkButton>
          )}
        </section>
      ))}
    </Screen>
  )
}
