/** A PIN is chosen, twice, by the rules of the service. It never leaves this device: it locks the keys that are kept here. */
import type { PasswordProtection } from '@countersign/protocol/approve/policy-document.ts'
import { useState } from 'preact/hooks'
import { say } from '../../texts/say.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { Screen } from '../../ui/screen.tsx'

interface Props {
  readonly rules: PasswordProtection
  readonly chosen: (pin: string | undefined) => void
}

export function NewPinScreen({ rules, chosen }: Props) {
  return (
    <Screen title={say('new_pin.title')}>
      <p class="lead">{say('new_pin.lead')}</p>
      <NewPinForm rules={rules} chosen={chosen} label={say('action.next')} cancel={() => chosen(undefined)} />
    </Screen>
  )
}

interface FormProps {
  readonly rules: PasswordProtection
  readonly chosen: (pin: string) => void
  readonly label: string
  readonly busy?: boolean
  readonly cancel: () => void
}

export function NewPinForm({ rules, chosen, label, busy = false, cancel }: FormProps) {
  const [pin, setPin] = useState('')
  const [again, setAgain] = useState('')
  const [tried, setTried] = useState(false)
  const unfit = unfitness(pin, rules)
  const different = pin === again ? undefined : say('new_pin.different')
  const shared = { type: 'password', digits: rules.digits_only, look: 'figures', autocomplete: 'new-password' } as const
  return (
    <form
      onSubmit={event => {
        event.preventDefault()
        setTried(true)
        if (!unfit && !different) chosen(pin)
      }}
    >
      <Field
        {...shared}
        label={say('new_pin.label')}
        hint={ruleText(rules)}
        most={rules.max_length}
        value={pin}
        change={setPin}
        error={tried ? unfit : undefined}
      />
      <Field
        {...shared}
        label={say('new_pin.again')}
        most={rules.max_length}
        value={again}
        change={setAgain}
        error={tried && !unfit ? different : undefined}
      />
      <p class="quiet">{say('new_pin.forgotten')}</p>
      <div class="actions">
        <Button kind="primary" busy={busy}>
          {label}
        </Button>
        <Button kind="text" press={cancel}>
          {say('action.cancel')}
        </Button>
      </div>
    </form>
  )
}

function ruleText({ min_length, max_length, digits_only }: PasswordProtection): string {
  const least = String(min_length)
  if (min_length === max_length) return say(digits_only ? 'new_pin.rule_digits_exact' : 'new_pin.rule_exact', { least })
  return say(digits_only ? 'new_pin.rule_digits' : 'new_pin.rule', { least, most: String(max_length) })
}

function unfitness(pin: string, rules: PasswordProtection): string | undefined {
  const fits = pin.length >= rules.min_length && pin.length <= rules.max_length
  return fits && (!rules.digits_only || /^[0-9]+$/.test(pin)) ? undefined : ruleText(rules)
}
