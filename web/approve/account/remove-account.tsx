/** The end of an account on this device. Gone here at once; the service is told as soon as it can be reached. */
import type { Container } from '@countersign/sdk/container.ts'
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { announce, readAccounts, useDesk } from '../desk.ts'
import { goInstead } from '../navigation.ts'
import { dropPasskey } from '../unlock/passkey.ts'
import { dropWake } from '../wake/wake.ts'
import { Told, useDeed } from './deed.tsx'

export function RemoveAccount({ container }: { container: Container }) {
  const desk = useDesk()
  const deed = useDeed()
  const [asked, setAsked] = useState(false)
  const { serviceName: service, user } = container
  const remove = () =>
    deed.run(
      async () => {
        setAsked(false)
        await container.remove()
        dropPasskey(container.id)
        await dropWake(container.id)
        await readAccounts(desk)
        announce(desk, say('remove.done', { service }))
        goInstead({ page: 'accounts' })
      },
      say('remove.done', { service }),
    )
  return (
    <section class="card" aria-labelledby="remove">
      <h2 id="remove">{say('remove.title')}</h2>
      <p class="quiet">{say('remove.lead')}</p>
      <Button kind="danger" busy={deed.busy} press={() => setAsked(true)}>
        {say('remove.begin')}
      </Button>
      <Told deed={deed} />
      {asked && (
        <Dialog title={say('remove.sure', { service })} close={() => setAsked(false)}>
          <p>{say('remove.sure_lead', { user })}</p>
          <div class="actions">
            <Button kind="danger" press={() => void remove()}>
              {say('remove.begin')}
            </Button>
            <Button kind="text" press={() => setAsked(false)}>
              {say('action.cancel')}
            </Button>
          </div>
        </Dialog>
      )}
    </section>
  )
}
