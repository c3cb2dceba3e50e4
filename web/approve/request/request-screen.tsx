/** A request from an inbox: fetched, shown, decided. */
import { useEffect, useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { useDesk } from '../desk.ts'
import { type Failure, failureOf } from '../failure.ts'
import { forgetWaiting } from '../inboxes.ts'
import { Decide } from './decide.tsx'
import { FailedScreen, LoadingScreen } from './request-state.tsx'
import { type ShownRequest, shownRequest } from './shown-request.ts'

export function RequestScreen({ container: containerId, id }: { container: string; id: string }) {
  const desk = useDesk()
  const container = desk.now.containers.find(one => one.id === containerId)
  const [shown, setShown] = useState<ShownRequest>()
  const [failure, setFailure] = useState<Failure>()
  // One fetch for one request; the account's values may change meanwhile
  useEffect(() => {
    if (!container) return undefined
    const asked = { still: true }
    container.retrieve(id).then(
      request => asked.still && setShown(shownRequest(container, request, false)),
      error => {
        const failed = failureOf(error)
        if (failed.code === 'not_found' || failed.code === 'request_expired') forgetWaiting(desk, id)
        if (asked.still) setFailure(failed)
      },
    )
    return () => {
      asked.still = false
    }
  }, [container?.id, id])
  if (!container) return <FailedScreen title={say('failure.not_found')} next={say('failure.not_found_next')} />
  if (failure) return <FailedScreen {...failure} />
  return shown ? <Decide shown={shown} /> : <LoadingScreen />
}
