/** Another PIN: the old one is asked for, the keys are locked anew. A passkey that kept the old one is forgotten. */
import type { Container } from '@countersign/sdk/container.ts'
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { useDesk } from '../desk.ts'
import { NewPinForm } from '../enrol/new-pin.tsx'
import { dropPasskey } from '../unlock/passkey.ts'
import { GIVEN_UP, unlocked } from '../unlock/unlocked.ts'
import { Told, useDeed } from './deed.tsx'

export function ChangePin({ container }: { container: Container }) {
  const desk = useDesk()
  const deed = useDeed()
  const [open, setOpen] = useState(false)
  const protection = container.policy?.protection
  if (protection?.kind !== 'password') return null
  const change = (fresh: string) =>
    deed.run(async () => {
      const done = await unlocked(desk, container, ({ password = '' }) => container.changePassword(password, fresh))
      if (done === GIVEN_UP) return GIVEN_UP
      dropPasskey(container.id)
      setOpen(false)
      return done
    }, say('change_pin.done'))
  return (
    <section class="card" aria-labelledby="change-pin">
      <h2 id="change-pin">{say('change_pin.title')}</h2>
      <p class="quiet">{say('change_pin.lead')}</p>
      {open ? (
        <NewPinForm
          rules={protection.password}
          chosen={pin => void change(pin)}
          label={say('change_pin.begin')}
          busy={deed.busy}
          cancel={() => setOpen(false)}
        />
      ) : (
        <Button press={() => setOpen(true)}>{say('change_pin.begin')}</Button>
      )}
      <Told deed={deed} />
    </section>
  )
}
