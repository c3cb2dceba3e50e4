/** A labelled input with what helps and what went wrong, tied to it for screen readers (WCAG 2.2, 3.3.1 and 3.3.2). */
import { useId } from 'preact/hooks'
import { Icon } from './icon.tsx'

export interface FieldProps {
  readonly label: string
  readonly hint?: string | undefined
  readonly error?: string | undefined
  readonly value: string
  readonly change: (value: string) => void
  readonly type?: 'text' | 'password' | 'lines'
  readonly digits?: boolean
  readonly look?: string
  readonly most?: number
  readonly autocomplete?: string
  readonly focused?: boolean
}

export function Field(props: FieldProps) {
  const { label, hint, error, value, change, type = 'text', digits = false, look = '', most = 4096 } = props
  const id = useId()
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  const shared = {
    id,
    value,
    maxLength: most,
    autocomplete: props.autocomplete ?? 'off',
    autocapitalize: 'off' as const,
    spellcheck: false,
    'aria-describedby': described === '' ? undefined : described,
    'aria-invalid': error ? ('true' as const) : undefined,
    'data-autofocus': props.focused ? '' : undefined,
    onInput: (event: { currentTarget: { value: string } }) => change(event.currentTarget.value),
  }
  return (
    <div class={`field ${look}`}>
      <label for={id}>{label}</label>
      {hint && (
        <span class="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {type === 'lines' && <textarea {...shared} dir="ltr" />}
      {type === 'password' && (
        <input {...shared} type="password" inputMode={digits ? 'numeric' : undefined} dir="ltr" />
      )}
      {type === 'text' && (
        <input {...shared} type="text" inputMode={digits ? 'numeric' : undefined} dir={digits ? 'ltr' : 'auto'} />
      )}
      {error && (
        <span class="error" id={`${id}-error`}>
          <Icon name="warning" size={20} />
          {error}
        </span>
      )}
    </div>
  )
}
