/** The app cannot keep keys here: a private window, storage that is full or switched off, or a browser that is too old. */
import { say } from '../texts/say.ts'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'

export function Unusable() {
  return (
    <main class="column">
      <h1>{say('frame.brand')}</h1>
      <Callout tone="error" title={say('failure.vault_unusable')} announced>
        <p>{say('failure.vault_unusable_next')}</p>
        <Button press={() => location.reload()}>{say('action.again')}</Button>
      </Callout>
    </main>
  )
}
