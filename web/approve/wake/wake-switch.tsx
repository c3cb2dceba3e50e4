/** Notifications of one account, on or off; and plain words where the browser cannot or may not. */
import type { Container } from '@countersign/sdk/container.ts'
import { SdkError } from '@countersign/sdk/sdk-error.ts'
import { useEffect, useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Told, useDeed } from '../account/deed.tsx'
import { GIVEN_UP } from '../unlock/unlocked.ts'
import { isAwake, type WakeResult, wakeAbility, wakeOff, wakeOn } from './wake.ts'

export function WakeSwitch({ container }: { container: Container }) {
  const deed = useDeed()
  const [on, setOn] = useState<boolean>()
  const [result, setResult] = useState<WakeResult>()
  useEffect(() => void isAwake(container.id).then(setOn, () => setOn(false)), [container.id])
  const ability = result === 'blocked' ? 'blocked' : wakeAbility()
  const turnOn = () =>
    deed.run(async () => {
      const became = await wakeOn(container).catch(error => {
        throw error instanceof SdkError ? error : new SdkError('unreachable', undefined, { cause: error })
      })
      setResult(became)
      if (became === 'not offered') throw new SdkError('not_possible')
      if (became === 'on') setOn(true)
      return became === 'on' ? became : GIVEN_UP
    }, say('wake.is_on'))
  const turnOff = () =>
    deed.run(async () => {
      await wakeOff(container)
      setOn(false)
    }, say('wake.is_off'))
  return (
    <section class="card" aria-labelledby="wake">
      <h2 id="wake">{say('wake.title')}</h2>
      <p class="quiet">{say(ability === 'possible' ? 'wake.lead' : `wake.${ability}`)}</p>
      {ability === 'possible' && on !== undefined && (
        <Button icon="bell" busy={deed.busy} press={() => void (on ? turnOff() : turnOn())}>
          {say(on ? 'wake.turn_off' : 'wake.turn_on')}
        </Button>
      )}
      {result === 'no push service' && (
        <Callout tone="error" title={say('wake.failed')} announced>
          <p>{say('wake.failed_next')}</p>
        </Callout>
      )}
      {result !== 'blocked' && <Told deed={deed} />}
    </section>
  )
}
