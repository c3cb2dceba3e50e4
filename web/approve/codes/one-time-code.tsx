/**
 * The one-time code of an account. Shown on request, because a code that counts events is used up by being shown; one of time
 * follows itself, unless a PIN locks it.
 */
import type { Container } from '@countersign/sdk/container.ts'
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { useDesk } from '../desk.ts'
import { type Failure, failureOf } from '../failure.ts'
import { GIVEN_UP, unlocked } from '../unlock/unlocked.ts'
import { ShownCode, type TimedCode, timedCode } from './shown-code.tsx'

export function OneTimeCode({ container }: { container: Container }) {
  const desk = useDesk()
  const [timed, setTimed] = useState<TimedCode>()
  const [failure, setFailure] = useState<Failure>()
  const show = async () => {
    setFailure(undefined)
    try {
      const code = await unlocked(desk, container, unlocking => container.otp(unlocking))
      if (code !== GIVEN_UP) setTimed(timedCode(code))
    } catch (error) {
      setFailure(failureOf(error))
    }
  }
  if (timed) {
    const ended = () => (container.passwordProtected ? setTimed(undefined) : void show())
    return (
      <>
        <ShownCode key={timed.code} timed={timed} ended={ended} />
        {timed.until_ms === undefined && <Button press={() => void show()}>{say('code.another')}</Button>}
      </>
    )
  }
  return (
    <>
      {failure && (
        <Callout tone="error" title={failure.title} announced>
          <p>{failure.next}</p>
        </Callout>
      )}
      <Button icon="digits" press={() => void show()}>
        {say('code.show')}
      </Button>
    </>
  )
}
