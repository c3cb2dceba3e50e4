/**
 * The decisions that the policy allows. With number matching the positive one needs the two digits that the asking page shows: they
 * are typed, never chosen from a list, so that nobody can approve what he does not see.
 */
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { linkTo } from '../route.ts'
import { type Choice, choicesOf } from './statuses.ts'

interface Props {
  readonly statuses: readonly string[]
  readonly number: boolean
  /** The status whose answer is on its way. */
  readonly busy: string | undefined
  readonly decide: (status: string, number: string | undefined) => Promise<void>
}

export function Choices({ statuses, number: wanted, busy, decide }: Props) {
  const [number, setNumber] = useState('')
  const [missing, setMissing] = useState(false)
  const [grave, setGrave] = useState<Choice>()
  const choices = choicesOf(statuses)
  const choose = (choice: Choice) => {
    if (busy !== undefined) return
    if (choice.grave) return setGrave(choice)
    const positive = choice.status === statuses[0]
    if (!positive || !wanted) return void decide(choice.status, undefined)
    if (!/^[0-9]{2}$/.test(number)) return setMissing(true)
    void decide(choice.status, number)
  }
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        if (choices[0]) choose(choices[0])
      }}
    >
      {wanted && (
        <Field
          label={say('number.label')}
          hint={say('number.hint')}
          digits
          look="figures short"
          most={2}
          value={number}
          change={value => {
            setNumber(value.replace(/[^0-9]/g, ''))
            setMissing(false)
          }}
          error={missing ? say('number.missing') : undefined}
        />
      )}
      {missing && (
        <span class="unseen" role="alert">
          {say('number.missing')}
        </span>
      )}
      <div class="actions decisions">
        {choices.map(choice => (
          <Button
            key={choice.status}
            kind={choice.kind}
            {...(choice.icon ? { icon: choice.icon } : {})}
            busy={busy === choice.status}
            press={() => choose(choice)}
          >
            {choice.label}
          </Button>
        ))}
      </div>
      {choices.length === 1 && (
        <div class="actions">
          <LinkButton to={linkTo({ page: 'requests' })}>{say('decide.not')}</LinkButton>
        </div>
      )}
      {grave && (
        <Dialog title={say('report.title')} close={() => setGrave(undefined)}>
          <p>{say('report.lead')}</p>
          <div class="actions">
            <Button
              kind="danger"
              icon="flag"
              press={() => {
                setGrave(undefined)
                void decide(grave.status, undefined)
              }}
            >
              {say('report.begin')}
            </Button>
            <Button kind="text" press={() => setGrave(undefined)}>
              {say('action.cancel')}
            </Button>
          </div>
        </Dialog>
      )}
    </form>
  )
}
