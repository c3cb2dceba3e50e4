/** One account: what it is, and the ways from here. */
import type { Container } from '@countersign/sdk/container.ts'
import { say } from '../../texts/say.ts'
import { timeOf } from '../../texts/times.ts'
import { Icon, type IconName } from '../../ui/icon.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { Screen } from '../../ui/screen.tsx'
import { useDesk } from '../desk.ts'
import { ConfirmationCode } from '../enrol/confirmation-code.tsx'
import { linkTo } from '../route.ts'

export function AccountScreen({ container: id }: { container: string }) {
  const { now } = useDesk()
  const container = now.containers.find(one => one.id === id)
  if (!container) return <AccountGone />
  const { serviceName, colour, user, status, codes } = container
  return (
    <Screen title={serviceName} back={{ to: linkTo({ page: 'accounts' }), label: say('place.accounts') }}>
      <div class="who">
        <Monogram name={serviceName} colour={colour} />
        <div>
          <strong>{user}</strong>
          <span class="quiet">{say(`status.${status}`)}</span>
        </div>
      </div>
      {status === 'pending' && <ConfirmationCode container={container} />}
      <ul class="rows">
        {codes.length > 0 && status !== 'pending' && (
          <Way icon="digits" to={linkTo({ page: 'codes' })} label={say('place.codes')} />
        )}
        {container.kind === 'online' && (
          <Way icon="clock" to={linkTo({ page: 'history', container: id })} label={say('history.title')} />
        )}
        <Way icon="pen" to={linkTo({ page: 'settings', container: id })} label={say('settings.title')} />
      </ul>
      <Facts container={container} />
    </Screen>
  )
}

export function AccountGone() {
  return (
    <Screen title={say('failure.not_found')} back={{ to: linkTo({ page: 'accounts' }), label: say('place.accounts') }}>
      <p class="lead">{say('account.gone')}</p>
    </Screen>
  )
}

function Way({ icon, to, label }: { icon: IconName; to: string; label: string }) {
  return (
    <li>
      <a class="row" href={to}>
        <Icon name={icon} />
        <span class="grow">{label}</span>
        <span class="chevron">
          <Icon name="chevron" />
        </span>
      </a>
    </li>
  )
}

function Facts({ container }: { container: Container }) {
  const { service, name, createdAt, keyProtection, passwordProtected, kind } = container
  return (
    <>
      <h2>{say('account.facts')}</h2>
      <dl class="facts card">
        {kind === 'online' && <Fact label={say('account.service')} value={service} />}
        {kind === 'online' && <Fact label={say('account.device')} value={name} />}
        <Fact label={say('account.since')} value={timeOf(createdAt)} />
        <Fact label={say('account.keys')} value={say(`account.keys_${keyProtection}`)} />
        <Fact label={say('account.pin')} value={say(passwordProtected ? 'account.pin_on' : 'account.pin_off')} />
      </dl>
    </>
  )
}

function Fact({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  )
}
