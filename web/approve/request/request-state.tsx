/** Screens of a request that is not there: on its way, or not to be had. */
import { say } from '../../texts/say.ts'
import { LinkButton } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Spinner } from '../../ui/icon.tsx'
import { Screen } from '../../ui/screen.tsx'
import { linkTo } from '../route.ts'

export function LoadingScreen() {
  return (
    <Screen title={say('request.loading')}>
      <p class="waiting" role="status">
        <Spinner />
        {say('request.loading_lead')}
      </p>
    </Screen>
  )
}

export function FailedScreen({ title, next }: { title: string; next: string }) {
  return (
    <Screen title={say('request.none')}>
      <Callout tone="error" title={title} announced>
        <p>{next}</p>
      </Callout>
      <div class="actions">
        <LinkButton kind="primary" to={linkTo({ page: 'requests' })}>
          {say('place.requests')}
        </LinkButton>
      </div>
    </Screen>
  )
}
