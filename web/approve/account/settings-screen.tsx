/** What can be changed of one account: its name for this device, how it wakes us, its keys, its PIN; and its end. */
import type { Container } from '@countersign/sdk/container.ts'
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Screen } from '../../ui/screen.tsx'
import { useDesk } from '../desk.ts'
import { linkTo } from '../route.ts'
import { unlocked } from '../unlock/unlocked.ts'
import { WakeSwitch } from '../wake/wake-switch.tsx'
import { AccountGone } from './account-screen.tsx'
import { ChangePin } from './change-pin.tsx'
import { Told, useDeed } from './deed.tsx'
import { PasskeySwitch } from './passkey-switch.tsx'
import { RemoveAccount } from './remove-account.tsx'

export function SettingsScreen({ container: id }: { container: string }) {
  const { now } = useDesk()
  const container = now.containers.find(one => one.id === id)
  if (!container) return <AccountGone />
  const online = container.kind === 'online' && container.status !== 'pending'
  return (
    <Screen
      title={say('settings.title')}
      back={{ to: linkTo({ page: 'account', container: id }), label: container.serviceName }}
    >
      {online && <Rename container={container} />}
      {online && <WakeSwitch container={container} />}
      {container.passwordProtected && <ChangePin container={container} />}
      {container.passwordProtected && <PasskeySwitch container={container} />}
      {online && <Renew container={container} />}
      <RemoveAccount container={container} />
    </Screen>
  )
}

function Rename({ container }: { container: Container }) {
  const [name, setName] = useState(container.name)
  const [error, setError] = useState<string>()
  const deed = useDeed()
  return (
    <div class="card">
      <form
        onSubmit={event => {
          event.preventDefault()
          if (name.trim() === '') return setError(say('invitation.name_missing'))
          setError(undefined)
          void deed.run(() => container.rename(name.trim()), say('rename.done'))
        }}
      >
        <Field
          label={say('invitation.name')}
          hint={say('invitation.name_hint')}
          most={64}
          value={name}
          change={setName}
          error={error}
        />
        <Button busy={deed.busy}>{say('action.save')}</Button>
      </form>
      <Told deed={deed} />
    </div>
  )
}

function Renew({ container }: { container: Container }) {
  const desk = useDesk()
  const deed = useDeed()
  const renew = () =>
    deed.run(() => unlocked(desk, container, unlocking => container.renew(unlocking)), say('renew.done'))
  return (
    <section class="card" aria-labelledby="renew">
      <h2 id="renew">{say('renew.title')}</h2>
      <p class="quiet">{say(`renew.${container.renewalDue ?? 'lead'}`)}</p>
      <Button kind={container.renewalDue ? 'primary' : 'plain'} busy={deed.busy} press={() => void renew()}>
        {say('renew.begin')}
      </Button>
      <Told deed={deed} />
    </section>
  )
}
