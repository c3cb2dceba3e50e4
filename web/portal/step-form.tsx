/**
 * The form of a screen: a real one with the names of the wire, so that password managers know it. What is missing is said at its
 * field, and the focus goes there.
 */
import { type Field, type Form, KEY_ACTIONS } from '@countersign/protocol/portal/screen.ts'
import type { Say } from '@countersign/protocol/portal/wording.ts'
import type { TargetedSubmitEvent } from 'preact'
import { useRef, useState } from 'preact/hooks'
import { Spinner } from '../ui/icon.tsx'
import { FieldInput } from './field-input.tsx'
import { Rules } from './rules.tsx'

export interface StepFormProps {
  readonly form: Form
  readonly say: Say
  readonly busy: boolean
  /** What stood in a field before. */
  readonly typed: (name: string) => string | undefined
  /** The last answer said that something was wrong: the fields are marked. */
  readonly failed: boolean
  readonly submit: (fields: Readonly<Record<string, string>>) => void
}

export function StepForm({ form, say, busy, typed, failed, submit }: StepFormProps) {
  const { values, fields, devices, rules, buttons, action } = form
  const element = useRef<HTMLFormElement>(null)
  const [missing, setMissing] = useState<readonly string[]>([])
  const [fresh, setFresh] = useState('')
  const [pressed, setPressed] = useState(0)
  const hidden = Object.entries(values).filter(([name]) => name !== 'username')
  const broken = rules?.shown.some(rule => rule.broken) === true
  const named = values.username !== undefined && fields.every(({ name }) => name !== 'username')

  function submitted(event: TargetedSubmitEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (busy) return
    const data = new FormData(event.currentTarget, event.submitter)
    const given = Object.fromEntries([...data].map(([name, value]) => [name, String(value)]))
    const empty = fields.map(({ name }) => name).filter(name => given[name] === '')
    setMissing(empty)
    const [first] = empty
    if (first !== undefined) {
      element.current?.querySelector<HTMLInputElement>(`[name=${first}]`)?.focus()
      return
    }
    setPressed(buttons.findIndex(({ sends }) => sends === undefined || given[sends.name] === sends.value))
    submit(given)
  }

  return (
    <form class="step" method="post" action={onWire(action)} noValidate ref={element} onSubmit={submitted}>
      {hidden.map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      {named && (
        <input
          class="unseen"
          type="text"
          name="username"
          value={values.username}
          autocomplete="username"
          aria-label={say('userid.label')}
          tabIndex={-1}
          readOnly
        />
      )}
      {devices && <Devices devices={devices} />}
      {fields.map(field => (
        <FieldInput
          key={field.name}
          field={started(field, typed)}
          missing={missing.includes(field.name)}
          wrong={
            failed &&
            (broken ? field.name === 'new_password' : field.name !== 'username' && field.name !== 'new_password')
          }
          ruled={rules !== undefined && field.name === 'new_password'}
          changed={field.name === 'new_password' ? setFresh : undefined}
          say={say}
        />
      ))}
      {rules && <Rules rules={rules} password={fresh} say={say} />}
      <div class="actions">
        {buttons.map(({ label, primary, sends }, at) => (
          <button
            key={label}
            class={primary ? 'button primary' : 'button'}
            type="submit"
            name={sends?.name}
            value={sends?.value}
            aria-disabled={busy ? 'true' : undefined}
          >
            {busy && at === pressed && <Spinner />}
            <span>{label}</span>
          </button>
        ))}
      </div>
    </form>
  )
}

/** Forms of keys are sent by what their key answers, never as they are. */
const onWire = (action: Form['action']) => (KEY_ACTIONS.some(one => one === action) ? undefined : action)

const started = (field: Field, typed: StepFormProps['typed']): Field =>
  field.value === undefined ? { ...field, value: typed(field.name) } : field

function Devices({ devices: { label, options } }: { devices: NonNullable<Form['devices']> }) {
  return (
    <fieldset class="options">
      <legend>{label}</legend>
      {options.map(({ id, name }, at) => (
        <label class="option" key={id}>
          <input type="radio" name="device_id" value={id} defaultChecked={at === 0} /> <span>{name}</span>
        </label>
      ))}
    </fieldset>
  )
}
