/** Codes that answer something: the digits of a challenge, or the values of a transaction under the names the policy gives them. */
import type { Code, Container, Unlocking } from '@countersign/sdk/container.ts'
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { Callout } from '../../ui/callout.tsx'
import { Field } from '../../ui/field.tsx'
import { Screen } from '../../ui/screen.tsx'
import { useDesk } from '../desk.ts'
import { type Failure, failureOf } from '../failure.ts'
import { linkTo } from '../route.ts'
import { GIVEN_UP, unlocked } from '../unlock/unlocked.ts'
import { ShownCode, type TimedCode, timedCode } from './shown-code.tsx'

export function CodeScreen({ container: id }: { container: string }) {
  const { now } = useDesk()
  const container = now.containers.find(one => one.id === id)
  const back = { to: linkTo({ page: 'codes' }), label: say('place.codes') }
  if (!container) {
    return (
      <Screen title={say('failure.not_found')} back={back}>
        <p>{say('account.gone')}</p>
      </Screen>
    )
  }
  return (
    <Screen title={say('codes.for', { service: container.serviceName })} back={back}>
      {container.codes.includes('challenge') && <Challenge container={container} />}
      {container.codes.includes('signing') && <Signature container={container} />}
    </Screen>
  )
}

function Challenge({ container }: { container: Container }) {
  const [question, setQuestion] = useState('')
  const make = useMade(container, unlocking => container.challenge(question, unlocking))
  return (
    <section class="card" aria-labelledby="challenge">
      <h2 id="challenge">{say('challenge.title')}</h2>
      <p class="quiet">{say('challenge.lead')}</p>
      <form onSubmit={event => make.submit(event, /^[0-9]+$/.test(question) ? undefined : say('challenge.missing'))}>
        <Field
          label={say('challenge.label')}
          digits
          look="figures"
          most={10}
          value={question}
          change={value => {
            setQuestion(value.replace(/[^0-9]/g, ''))
            make.clear()
          }}
          error={make.error}
        />
        <Made make={make} />
      </form>
    </section>
  )
}

function Signature({ container }: { container: Container }) {
  const labels = container.policy?.labels ?? []
  const [values, setValues] = useState<readonly string[]>(labels.map(() => ''))
  const make = useMade(container, unlocking => container.sign(values, unlocking))
  const change = (place: number, value: string) => {
    setValues(values.map((old, at) => (at === place ? value : old)))
    make.clear()
  }
  return (
    <section class="card" aria-labelledby="signature">
      <h2 id="signature">{say('signature.title')}</h2>
      <p class="quiet">{say('signature.lead')}</p>
      <form
        onSubmit={event =>
          make.submit(event, values.some(value => value !== '') ? undefined : say('signature.missing'))
        }
      >
        {labels.map((label, place) => (
          <Field
            key={label}
            label={label}
            most={64}
            value={values[place] ?? ''}
            change={value => change(place, value)}
            error={place === 0 ? make.error : undefined}
          />
        ))}
        <Made make={make} />
      </form>
    </section>
  )
}

type Making = ReturnType<typeof useMade>

function useMade(container: Container, compute: (unlocking: Unlocking) => Promise<Code>) {
  const desk = useDesk()
  const [timed, setTimed] = useState<TimedCode>()
  const [error, setError] = useState<string>()
  const [failure, setFailure] = useState<Failure>()
  const clear = () => {
    setTimed(undefined)
    setError(undefined)
    setFailure(undefined)
  }
  const submit = async (event: Event, wrong: string | undefined) => {
    event.preventDefault()
    clear()
    if (wrong !== undefined) return setError(wrong)
    try {
      const code = await unlocked(desk, container, compute)
      if (code !== GIVEN_UP) setTimed(timedCode(code))
    } catch (reason) {
      setFailure(failureOf(reason))
    }
  }
  return { timed, error, failure, clear, submit }
}

function Made({ make: { timed, failure, clear } }: { make: Making }) {
  return (
    <>
      {failure && (
        <Callout tone="error" title={failure.title} announced>
          <p>{failure.next}</p>
        </Callout>
      )}
      {timed ? (
        <ShownCode key={timed.code} timed={timed} ended={clear} />
      ) : (
        <Button kind="primary">{say('code.make')}</Button>
      )}
    </>
  )
}
