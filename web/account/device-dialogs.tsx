/** The two questions about a device: its new name, and whether it is really to go. A refusal is said inside; the dialog stays. */
import type { OwnDevice } from '@countersign/protocol/account/device.ts'
import { useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { type Account, isRefused } from './account.ts'
import { say } from './texts/say.ts'
import { nameOf, refusedText } from './view.ts'

interface DialogProps {
  readonly account: Account
  readonly device: OwnDevice
  readonly close: () => void
  readonly done: (said: string) => Promise<void>
}

export function RenameDialog({ account, device, close, done }: DialogProps) {
  const [name, setName] = useState(device.friendly_name ?? '')
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const save = async () => {
    setBusy(true)
    const answer = await account.rename(device.id, name)
    setBusy(false)
    if (isRefused(answer)) setError(refusedText(answer.refused))
    else await done(say('renamed'))
  }
  return (
    <Dialog title={say('rename.title', { device: nameOf(device) })} close={close}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (!busy) void save()
        }}
      >
        <Field
          label={say('rename.label')}
          hint={say('rename.hint')}
          error={error}
          value={name}
          change={setName}
          most={64}
          focused
        />
        <div class="actions">
          <Button kind="primary" busy={busy}>
            {say('save')}
          </Button>
          <Button press={close}>{say('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  )
}

export function RemoveDialog({ account, device, last, close, done }: DialogProps & { last: boolean }) {
  const [error, setError] = useState<string>()
  const [busy, setBusy] = useState(false)
  const remove = async () => {
    setBusy(true)
    const answer = await account.remove(device.id)
    setBusy(false)
    if (isRefused(answer)) setError(refusedText(answer.refused))
    else await done(say('removed'))
  }
  // A key that waits to be bound is nothing that was invited.
  const invited = device.status === 'PENDING' && device.kind === 'app'
  const kind = invited ? 'pending' : device.kind
  return (
    <Dialog title={say('remove.title', { device: nameOf(device) })} close={close}>
      <p>{say(`remove.${kind}`)}</p>
      {last && <Callout tone="warning">{say('remove.last')}</Callout>}
      {device.signed_in_with && !last && <p>{say('remove.here')}</p>}
      {error && (
        <Callout tone="error" announced>
          {error}
        </Callout>
      )}
      <div class="actions">
        <Button kind="danger" busy={busy} press={() => void remove()}>
          {say('remove.do')}
        </Button>
        <Button press={close}>{say('cancel')}</Button>
      </div>
    </Dialog>
  )
}
