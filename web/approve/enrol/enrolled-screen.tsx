/** The account is here: what is left to do is to confirm it where the service wants that, and to let it wake us. */
import type { Container } from '@countersign/sdk/container.ts'
import { say } from '../../texts/say.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { Screen } from '../../ui/screen.tsx'
import { useDesk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { WakeSwitch } from '../wake/wake-switch.tsx'
import { ConfirmationCode } from './confirmation-code.tsx'
import type { Kept } from './keep-storage.ts'

export function EnrolledScreen({ container, kept }: { container: Container; kept: Kept }) {
  const { now } = useDesk()
  const current = now.containers.find(({ id }) => id === container.id) ?? container
  const pending = current.status === 'pending'
  return (
    <Screen title={pending ? say('enrolled.pending_title') : say('enrolled.title')}>
      <div class="who card">
        <Monogram name={current.serviceName} colour={current.colour} />
        <div>
          <strong>{current.serviceName}</strong>
          <span>{current.user}</span>
        </div>
      </div>
      {pending && <ConfirmationCode container={current} />}
      {!pending && (
        <Callout tone="success" title={say('enrolled.ready')} announced>
          <p>{say(current.kind === 'offline' ? 'enrolled.ready_codes' : 'enrolled.ready_requests')}</p>
        </Callout>
      )}
      {kept === 'not promised' && (
        <Callout tone="warning" title={say('storage.not_promised')}>
          <p>{say('storage.not_promised_next')}</p>
        </Callout>
      )}
      {!pending && current.kind === 'online' && <WakeSwitch container={current} />}
      <div class="actions">
        <LinkButton
          kind={pending ? 'plain' : 'primary'}
          to={linkTo({ page: current.kind === 'offline' ? 'codes' : 'requests' })}
        >
          {say('action.done')}
        </LinkButton>
      </div>
    </Screen>
  )
}
