/** Asks for the PIN of an account, or for the passkey that keeps it; says how many tries are left before the lock. */
import { isSdkError } from '@countersign/sdk/sdk-error.ts'
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { failureOf } from '../failure.ts'
import { dropPasskey, hasPasskey, pinByPasskey } from './passkey.ts'
import type { Question } from './question.ts'

export function UnlockDialog({ question }: { question: Question }) {
  const { container, attempt, giveUp } = question
  const [pin, setPin] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<string>()
  const digits = container.policy?.protection.kind === 'password' && container.policy.protection.password.digits_only

  const attemptWith = async (find: () => Promise<string>, failed: (reason: unknown) => string) => {
    setBusy(true)
    setError(undefined)
    try {
      await attempt(await find())
    } catch (reason) {
      setPin('')
      setError(failed(reason))
      setBusy(false)
    }
  }
  const byPin = () => (pin === '' ? setError(say('pin.missing')) : attemptWith(async () => pin, wrongPin))
  const byPasskey = () =>
    attemptWith(
      () => pinByPasskey(container.id),
      reason => wrongPasskey(container.id, reason),
    )

  return (
    <Dialog title={say('pin.title', { service: container.serviceName })} close={giveUp}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (!busy) void byPin()
        }}
      >
        <Field
          label={say('pin.label')}
          type="password"
          digits={digits === true}
          look="figures"
          value={pin}
          change={setPin}
          error={error}
          autocomplete="current-password"
          focused
        />
        <span class="unseen" role="alert">
          {error}
        </span>
        <div class="actions">
          <Button kind="primary" busy={busy}>
            {say('pin.unlock')}
          </Button>
          {hasPasskey(container.id) && (
            <Button busy={busy} press={() => void byPasskey()}>
              {say('passkey.use')}
            </Button>
          )}
          <Button kind="text" press={giveUp}>
            {say('action.cancel')}
          </Button>
        </div>
      </form>
      <LockedNote until_ms={container.lockedUntil_ms} />
    </Dialog>
  )
}

function LockedNote({ until_ms }: { until_ms: number | undefined }) {
  if (until_ms === undefined || until_ms <= Date.now()) return null
  return <Callout tone="warning" title={say('failure.locked')} />
}

function wrongPin(error: unknown): string {
  if (!isSdkError(error, 'invalid_password')) {
    const { title, next } = failureOf(error)
    return `${title} ${next}`
  }
  const { attempts_left } = error.facts
  return attempts_left === undefined ? say('pin.wrong') : say('pin.wrong_left', { left: String(attempts_left) })
}

/** A passkey that opens an outdated PIN must not burn tries: it is forgotten. */
function wrongPasskey(container: string, error: unknown): string {
  if (!isSdkError(error, 'invalid_password')) return isSdkError(error) ? wrongPin(error) : say('passkey.failed')
  dropPasskey(container)
  return say('passkey.outdated')
}
