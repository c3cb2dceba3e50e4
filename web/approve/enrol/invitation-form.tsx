/** What the user agrees to: which service, which user, and the name that this device gets. */
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Field } from '../../ui/field.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { deviceNameFrom } from './device-name.ts'
import type { Invited } from './invited.ts'

interface Props {
  readonly invited: Invited
  readonly begin: (name: string) => Promise<void>
  readonly cancel: () => void
}

export function InvitationForm({ invited, begin, cancel }: Props) {
  const { kind, service, user, isNew } = invited
  const [name, setName] = useState(deviceNameFrom(navigator.userAgent))
  const [error, setError] = useState<string>()
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (name.trim() === '') setError(say('invitation.name_missing'))
        else void begin(name.trim())
      }}
    >
      <div class="who card">
        <Monogram name={service} />
        <div>
          <strong>{service === '' ? say('invitation.unnamed') : service}</strong>
          <span>{user}</span>
        </div>
      </div>
      {isNew && (
        <Callout tone="warning" title={say('invitation.new', { service })}>
          <p>{say('invitation.new_next')}</p>
        </Callout>
      )}
      {kind === 'offline' ? (
        <p class="quiet">{say('invitation.offline')}</p>
      ) : (
        <Field
          label={say('invitation.name')}
          hint={say('invitation.name_hint')}
          most={64}
          value={name}
          change={setName}
          error={error}
        />
      )}
      <div class="actions">
        <Button kind="primary">{say('invitation.begin')}</Button>
        <Button kind="text" press={cancel}>
          {say('action.cancel')}
        </Button>
      </div>
    </form>
  )
}
