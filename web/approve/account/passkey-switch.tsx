/** Unlocking by a passkey, on or off. Not shown at all where the browser cannot derive keys from one. */
import type { Container } from '@countersign/sdk/container.ts'
import { SdkError } from '@countersign/sdk/sdk-error.ts'
import { useEffect, useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { useDesk } from '../desk.ts'
import { canUsePasskeys, dropPasskey, hasPasskey, keepByPasskey } from '../unlock/passkey.ts'
import { GIVEN_UP, unlocked } from '../unlock/unlocked.ts'
import { Told, useDeed } from './deed.tsx'

export function PasskeySwitch({ container }: { container: Container }) {
  const desk = useDesk()
  const deed = useDeed()
  const [able, setAble] = useState(false)
  useEffect(() => void canUsePasskeys().then(setAble), [])
  const on = hasPasskey(container.id)
  if (!able && !on) return null
  const begin = () =>
    deed.run(async () => {
      const pin = await provenPin()
      if (pin === GIVEN_UP) return GIVEN_UP
      const kept = await keepByPasskey(container.id, container.user, pin).catch(() => 'impossible')
      if (kept === 'impossible') throw new SdkError('not_possible')
      return kept
    }, say('passkey.on'))
  /** A PIN that was proven right: the keys are locked by the same one again. */
  const provenPin = () =>
    unlocked(desk, container, async ({ password = '' }) => {
      await container.changePassword(password, password)
      return password
    })
  const end = () => deed.run(async () => dropPasskey(container.id), say('passkey.off'))
  return (
    <section class="card" aria-labelledby="passkey">
      <h2 id="passkey">{say('passkey.title')}</h2>
      <p class="quiet">{say('passkey.lead')}</p>
      <Button busy={deed.busy} press={() => void (on ? end() : begin())}>
        {say(on ? 'passkey.end' : 'passkey.begin')}
      </Button>
      <Told deed={deed} />
    </section>
  )
}
