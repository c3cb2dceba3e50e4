/** The screen of the moment. Whenever it changes the focus goes to the first thing to type, else to the heading; who types in it already stays there. */
import { type Place, placeText } from '@countersign/protocol/portal/place.ts'
import type { Screen, Way } from '@countersign/protocol/portal/screen.ts'
import { screenOf } from '@countersign/protocol/portal/screen-of.ts'
import type { Wording } from '@countersign/protocol/portal/wording.ts'
import { useEffect, useRef } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { useStore } from '../ui/store.ts'
import { proposePasskeys } from './proposal.ts'
import type { Session } from './session.ts'
import { StepForm } from './step-form.tsx'
import { Reading, Waiting } from './waiting.tsx'

export interface AppProps {
  readonly session: Session
  readonly wording: Wording
  /** Typed before the scripts were there, by the names of fields. */
  readonly typed: ReadonlyMap<string, string>
}

export function App({ session, wording, typed }: AppProps) {
  const { flow, place, now, busy, turn } = useStore(session.state)
  const { say, language } = wording
  const screen = screenOf(place, { flow, say, language, now })
  const shown = useRef<HTMLDivElement>(null)
  const first = useRef(turn)
  useEffect(() => {
    document.title = [screen.title, say('service_name')].filter(Boolean).join(' · ')
    if (turn !== first.current || !shown.current?.contains(document.activeElement)) focusIn(shown.current)
  }, [turn])
  const proposing = screen.form?.fields.some(({ autocomplete }) => autocomplete === 'username webauthn') === true
  useEffect(() => (proposing ? proposePasskeys(session, session.keys.passkeys) : undefined), [turn, proposing])
  return (
    <div ref={shown}>
      <h1 tabIndex={-1}>{screen.title}</h1>
      {screen.lead && <p class="lead">{screen.lead}</p>}
      {screen.who && <Who who={screen.who} session={session} label={say('signing_in_as')} />}
      <Said notice={screen.notice} key={`${turn} ${screen.notice?.text}`} />
      {place.at === 'wait' && <Waiting session={session} waiting={screen.waiting} say={say} key={placeText(place)} />}
      {screen.waiting && place.at !== 'wait' && (
        <Reading hint={screen.waiting.hint} stop={() => session.stopReading()} label={say('cancel_button')} />
      )}
      {screen.lacks !== undefined && screen.form === undefined && screen.waiting === undefined && (
        <Said notice={{ tone: 'warning', text: screen.lacks }} />
      )}
      {screen.sharings && (
        <ul class="sharings">
          {screen.sharings.map(({ scope, description }) => (
            <li key={scope}>{description}</li>
          ))}
        </ul>
      )}
      {screen.choices && <Choices choices={screen.choices} session={session} />}
      {screen.form && place.at !== 'wait' && (
        <StepForm
          key={turn}
          form={screen.form}
          say={say}
          busy={busy}
          typed={name => (name === 'username' || turn === first.current ? typed.get(name) : undefined)}
          failed={screen.notice?.tone === 'error'}
          submit={fields => screen.form && void session.submit(screen.form, fields)}
        />
      )}
      {screen.ways.length > 0 && (
        <div class="ways">
          {screen.ways.map(way => (
            <Onward key={placeText(way.place)} way={way} session={session} look={look(way)} />
          ))}
        </div>
      )}
      {screen.out && (
        <div class="out">
          <Button kind="text" press={() => void session.cancel()}>
            {screen.out.label}
          </Button>
        </div>
      )}
    </div>
  )
}

const look = (way: Way) => (way.look === 'primary' ? 'button primary' : 'way')

/** A link with an address that works for whoever opens it elsewhere, and without leaving the page for all others. */
function Onward({ way, session, look }: { way: Way; session: Session; look: string }) {
  return (
    <a class={look} href={session.addressOf(way.place)} onClick={event => onward(event, session, way.place)}>
      {way.label}
    </a>
  )
}

function onward(event: MouseEvent, session: Session, place: Place): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const name = document.querySelector<HTMLInputElement>('.step input[name=username]:not([readonly])')?.value
  session.go(place, name)
}

function Who({ who, session, label }: { who: NonNullable<Screen['who']>; session: Session; label: string }) {
  return (
    <p class="who">
      <span>
        {label} <strong>{who.name}</strong>
      </span>
      {who.change && <Onward way={who.change} session={session} look="way" />}
    </p>
  )
}

function Said({ notice }: { notice: Screen['notice'] }) {
  if (!notice) return null
  const { tone, text } = notice
  return (
    <p class={`notice ${tone}`} id="notice" role={tone === 'error' || tone === 'warning' ? 'alert' : 'status'}>
      {text}
    </p>
  )
}

function Choices({ choices, session }: { choices: readonly Way[]; session: Session }) {
  return (
    <ul class="rows">
      {choices.map(way => (
        <li key={placeText(way.place)}>
          <a class="row" href={session.addressOf(way.place)} onClick={event => onward(event, session, way.place)}>
            <span class="grow">
              <strong>{way.label}</strong>
              {way.hint && <span class="quiet">{way.hint}</span>}
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}

function focusIn(shown: HTMLElement | null): void {
  const inputs = [...(shown?.querySelectorAll<HTMLInputElement>('.field input') ?? [])]
  const empty = inputs.find(({ value }) => value === '') ?? inputs[0]
  const target = empty ?? shown?.querySelector<HTMLElement>('h1')
  target?.focus()
}
