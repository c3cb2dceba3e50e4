/** A new password by the present one. The rules are shown before anything is typed, and looked at while it is. */
import type { OwnPassword } from '@countersign/protocol/account/password.ts'
import { keepsRule, numberIn, type RuleName, rangeOf, rulesIn } from '@countersign/protocol/portal/rules.ts'
import { useEffect, useRef, useState } from 'preact/hooks'
import { Button } from '../ui/button.tsx'
import { Callout } from '../ui/callout.tsx'
import { Field } from '../ui/field.tsx'
import { Icon } from '../ui/icon.tsx'
import { Screen } from '../ui/screen.tsx'
import { type Account, isRefused } from './account.ts'
import { say } from './texts/say.ts'
import { refusedText, type Show } from './view.ts'

interface Wrong {
  readonly old?: string
  readonly next?: string
  readonly repeat?: string
  readonly all?: string
}

export function PasswordScreen({ account, password, show }: { account: Account; password: OwnPassword; show: Show }) {
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const [repeat, setRepeat] = useState('')
  const [wrong, setWrong] = useState<Wrong>({})
  const [broken, setBroken] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  // What is wrong is read out with its field, and can be mended at once.
  useEffect(() => form.current?.querySelector<HTMLElement>('[aria-invalid]')?.focus(), [wrong])

  const send = async () => {
    setBusy(true)
    const answer = await account.changePassword(password.policy, old, next)
    setBusy(false)
    if (!isRefused(answer)) return show({ kind: 'changed' })
    setBroken(answer.broken)
    if (answer.refused === 'invalid_grant') setWrong({ old: say('password.wrong') })
    else if (answer.refused === 'password_not_allowed') setWrong({ next: say('password.broken') })
    else setWrong({ all: refusedText(answer.refused) })
  }
  const submit = (event: Event) => {
    event.preventDefault()
    if (busy) return
    const missing = {
      ...(old === '' && { old: say('password.missing') }),
      ...(next === '' && { next: say('password.missing') }),
    }
    if (old === '' || next === '') setWrong(missing)
    else if (next !== repeat) setWrong({ repeat: say('password.differs') })
    else {
      setWrong({})
      void send()
    }
  }
  const title = say('password.title', { password: password.name })
  return (
    <Screen title={title}>
      <p class="lead">{say('password.lead')}</p>
      {wrong.all && (
        <Callout tone="error" announced>
          {wrong.all}
        </Callout>
      )}
      <form ref={form} onSubmit={submit} aria-label={title}>
        <Field
          {...{ label: say('password.old'), type: 'password', error: wrong.old, value: old, change: setOld }}
          {...{ autocomplete: 'current-password', most: 512 }}
        />
        <Rules password={password} typed={next} broken={broken} />
        <Field
          {...{ label: say('password.new'), type: 'password', error: wrong.next, value: next, change: setNext }}
          {...{ autocomplete: 'new-password', most: 512 }}
        />
        <Field
          {...{
            label: say('password.repeat'),
            type: 'password',
            error: wrong.repeat,
            value: repeat,
            change: setRepeat,
          }}
          {...{ autocomplete: 'new-password', most: 512 }}
        />
        <div class="actions">
          <Button kind="primary" busy={busy}>
            {say('password.do')}
          </Button>
          <Button press={() => show({ kind: 'home' })}>{say('cancel')}</Button>
        </div>
      </form>
    </Screen>
  )
}

function Rules({
  password: { constraints },
  typed,
  broken,
}: {
  password: OwnPassword
  typed: string
  broken: readonly string[]
}) {
  return (
    <>
      <p id="rules">{say('rules.title')}</p>
      <ul class="rules" aria-labelledby="rules">
        {rulesIn(constraints).map(rule => {
          const kept = typed === '' ? undefined : keepsRule(rule, constraints, typed)
          const state = broken.includes(rule) && kept !== true ? false : kept
          return (
            <li class={state === undefined ? '' : state ? 'kept' : 'broken'} key={rule}>
              {state === undefined ? <span class="open" /> : <Icon name={state ? 'tick' : 'cross'} size={20} />}
              {ruleText(rule, constraints)}
              {state !== undefined && <span class="unseen"> – {say(state ? 'rule.kept' : 'rule.broken')}</span>}
            </li>
          )
        })}
      </ul>
    </>
  )
}

function ruleText(rule: RuleName, constraints: OwnPassword['constraints']): string {
  const range = rangeOf(constraints)
  if (rule === 'characterRange') return range ? say(`rule.${range}`) : ''
  return say(`rule.${rule}`, { count: String(numberIn(constraints, rule)) })
}
