/**
 * A request that was scanned or opened by a link: if several accounts could answer it, one is chosen; then the service is asked
 * what it is. Signed without asking only when the SDK says so, which it does for codes of the live camera alone.
 */
import { useEffect, useRef, useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Icon } from '../../ui/icon.tsx'
import { Monogram } from '../../ui/monogram.tsx'
import { Screen } from '../../ui/screen.tsx'
import { type ScannedCode, useDesk } from '../desk.ts'
import { type Failure, failureOf } from '../failure.ts'
import { linkTo } from '../route.ts'
import { Decide } from './decide.tsx'
import { FailedScreen, LoadingScreen } from './request-state.tsx'
import { type ShownRequest, shownRequest } from './shown-request.ts'

export function ScannedScreen() {
  const desk = useDesk()
  const { scanned } = desk.now
  if (!scanned) return <FailedScreen title={say('scanned.gone')} next={say('scanned.gone_next')} />
  if (scanned.container === undefined) return <ChooseAccount scanned={scanned} />
  return <Asked key={`${scanned.container} ${scanned.text}`} code={scanned} container={scanned.container} />
}

function Asked({ code, container: id }: { code: ScannedCode; container: string }) {
  const { now } = useDesk()
  const container = useRef(now.containers.find(one => one.id === id)).current
  const [shown, setShown] = useState<ShownRequest>()
  const [failure, setFailure] = useState<Failure>()
  useEffect(() => {
    container?.scan(code.text, code.via).then(
      request => setShown(shownRequest(container, request, true)),
      error => setFailure(failureOf(error)),
    )
  }, [container, code])
  if (!container) return <FailedScreen title={say('scanned.stranger')} next={say('scanned.stranger_next')} />
  if (failure) return <FailedScreen {...failure} />
  return shown ? <Decide shown={shown} /> : <LoadingScreen />
}

function ChooseAccount({ scanned }: { scanned: ScannedCode }) {
  const { app, state } = useDesk()
  const able = app.containersFor(scanned.text)
  if (able.length === 0) return <FailedScreen title={say('scanned.stranger')} next={say('scanned.stranger_next')} />
  const choose = (container: string) => state.change(old => ({ ...old, scanned: { ...scanned, container } }))
  return (
    <Screen title={say('scanned.choose')} back={{ to: linkTo({ page: 'requests' }), label: say('action.cancel') }}>
      <ul class="rows">
        {able.map(({ id, serviceName, colour, user }) => (
          <li key={id}>
            <button type="button" class="row" onClick={() => choose(id)}>
              <Monogram name={serviceName} colour={colour} />
              <span class="grow">
                <strong>{user}</strong>
                <span class="quiet">{serviceName}</span>
              </span>
              <span class="chevron">
                <Icon name="chevron" />
              </span>
            </button>
          </li>
        ))}
      </ul>
    </Screen>
  )
}
