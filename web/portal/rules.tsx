/** The rules of a new password, looked at while it is typed; what the server found broken stays marked until something is typed. */
import { keepsRule } from '@countersign/protocol/portal/rules.ts'
import type { Form, ShownRule } from '@countersign/protocol/portal/screen.ts'
import type { Say } from '@countersign/protocol/portal/wording.ts'

export interface RulesProps {
  readonly rules: NonNullable<Form['rules']>
  readonly password: string
  readonly say: Say
}

export function Rules({ rules: { constraints, shown }, password, say }: RulesProps) {
  const state = ({ name, broken }: ShownRule): 'kept' | 'broken' | undefined => {
    if (password === '') return broken ? 'broken' : undefined
    return keepsRule(name, constraints, password) === true ? 'kept' : undefined
  }
  return (
    <div class="rules" id="rules">
      <p>{say('rules.title')}</p>
      <ul>
        {shown.map(rule => {
          const now = state(rule)
          return (
            <li key={rule.name} class={now}>
              {rule.text}
              {now && <span class="unseen"> ({say(`rule.${now}`)})</span>}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
