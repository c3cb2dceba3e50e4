/** The decision: everything that will be signed on one screen, then the answer, then what became of it. */
import { useEffect, useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Callout } from '../../ui/callout.tsx'
import { Monogram, useAccent } from '../../ui/monogram.tsx'
import { useNow } from '../../ui/now.ts'
import { Screen } from '../../ui/screen.tsx'
import { readAccounts, useDesk } from '../desk.ts'
import { type Failure, failureOf } from '../failure.ts'
import { forgetWaiting } from '../inboxes.ts'
import { linkTo } from '../route.ts'
import { GIVEN_UP, unlocked } from '../unlock/unlocked.ts'
import { Asker } from './asker.tsx'
import { Choices } from './choices.tsx'
import { MessageView } from './message-view.tsx'
import { OutcomeScreen } from './outcome-screen.tsx'
import { FailedScreen } from './request-state.tsx'
import type { ShownRequest } from './shown-request.ts'
import { TimeLeft } from './time-left.tsx'

export function Decide({ shown }: { shown: ShownRequest }) {
  const { request, container, expires_ms, whole_seconds, scanned } = shown
  const { busy, failure, outcome, decide } = useDecision(shown)
  const accent = useAccent(container.colour)
  const left = (expires_ms - useNow(outcome === undefined)) / 1000
  // Once, when the request comes up
  useEffect(() => {
    if (request.silent) void decide(request.statuses[0] as string, undefined)
  }, [])
  if (outcome) return <OutcomeScreen shown={shown} status={outcome.status} wanted={outcome.wanted} />
  if (failure?.over) return <FailedScreen {...failure} />
  if (left <= 0 && busy === undefined)
    return <FailedScreen title={say('failure.request_expired')} next={say('failure.request_expired_next')} />
  return (
    <Screen
      title={say(`request.title_${request.purpose}`)}
      back={{ to: linkTo({ page: 'requests' }), label: say('action.later') }}
      aside={<TimeLeft left={left} whole={whole_seconds} />}
    >
      <article class="request card" style={accent}>
        <div class="who">
          <Monogram name={container.serviceName} colour={container.colour} />
          <div>
            <strong>{container.serviceName}</strong>
            <span class="quiet">{container.user}</span>
          </div>
        </div>
        <h2 class="asks">{say(`request.asks_${request.purpose}`, { client: request.client.name })}</h2>
        <MessageView tds={request.tds} />
        <Asker from={request.asked_from} />
      </article>
      {scanned && <OwnPage origin={request.asked_from.origin} />}
      {failure && (
        <Callout tone="error" title={failure.title} announced>
          <p>{failure.next}</p>
        </Callout>
      )}
      <Choices statuses={request.statuses} number={request.number} busy={busy} decide={decide} />
    </Screen>
  )
}

function OwnPage({ origin }: { origin: string | undefined }) {
  return (
    <Callout tone="warning" title={say('scanned.own_page')}>
      <p>{origin === undefined ? say('scanned.own_page_why') : say('scanned.own_page_at', { origin })}</p>
    </Callout>
  )
}

interface Outcome {
  readonly wanted: string
  readonly status: string
}

// After these the same request cannot be answered any more.
const OVER = ['already_answered', 'request_expired', 'not_found', 'device_gone', 'invalid_answer', 'not_allowed']

function useDecision({ container, request }: ShownRequest) {
  const desk = useDesk()
  const [busy, setBusy] = useState<string>()
  const [failure, setFailure] = useState<Failure & { readonly over: boolean }>()
  const [outcome, setOutcome] = useState<Outcome>()
  const decide = async (wanted: string, number: string | undefined) => {
    setBusy(wanted)
    setFailure(undefined)
    try {
      const answered = await unlocked(desk, container, more => container.answer(request, wanted, { ...more, number }))
      if (answered !== GIVEN_UP) {
        forgetWaiting(desk, request.id)
        setOutcome({ wanted, status: answered.status })
        await readAccounts(desk)
      }
    } catch (error) {
      const failed = failureOf(error)
      const over = OVER.includes(failed.code)
      if (over) forgetWaiting(desk, request.id)
      setFailure({ ...failed, over })
    }
    setBusy(undefined)
  }
  return { busy, failure, outcome, decide }
}
