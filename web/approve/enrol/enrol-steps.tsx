/** How far the registration is. Making the keys can take some seconds on a slow device, so each step is named. */
import type { EnrolStep } from '@countersign/sdk/approve-app.ts'
import { say } from '../../texts/say.ts'
import { Icon, Spinner } from '../../ui/icon.tsx'
import { Screen } from '../../ui/screen.tsx'

const steps: readonly EnrolStep[] = ['asking', 'keys', 'code', 'registering', 'keeping']

export function EnrolSteps({ step }: { step: EnrolStep }) {
  const at = steps.indexOf(step)
  return (
    <Screen title={say('enrol.title')}>
      <ol class="steps">
        {steps.map((one, place) => (
          <li key={one} class={place < at ? 'done' : place === at ? 'now' : ''}>
            <span class="sign">{place < at ? <Icon name="tick" size={20} /> : place === at ? <Spinner /> : null}</span>
            {say(`enrol.${one}`)}
          </li>
        ))}
      </ol>
      <p class="unseen" role="status">
        {say(`enrol.${step}`)}
      </p>
    </Screen>
  )
}
