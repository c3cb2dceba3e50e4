/** One input with its label and what is missing. A password can be shown, for whoever types it on a phone. */
import type { Field } from '@countersign/protocol/portal/screen.ts'
import type { Say } from '@countersign/protocol/portal/wording.ts'
import { useState } from 'preact/hooks'

export interface FieldInputProps {
  readonly field: Field
  readonly missing: boolean
  readonly wrong: boolean
  /** The rules of the new password stand below. */
  readonly ruled: boolean
  readonly changed: ((value: string) => void) | undefined
  readonly say: Say
}

export function FieldInput({ field, missing, wrong, ruled, changed, say }: FieldInputProps) {
  const { name, label, hint, kind, autocomplete, most, value } = field
  const [open, setOpen] = useState(false)
  const described = [
    hint !== undefined && `${name}-hint`,
    missing && `${name}-missing`,
    !missing && wrong && 'notice',
    ruled && 'rules',
  ]
    .filter(Boolean)
    .join(' ')
  const shared = {
    id: name,
    name,
    defaultValue: value ?? '',
    autocomplete,
    autocapitalize: 'off' as const,
    spellcheck: false,
    maxLength: most,
    inputMode: kind === 'code' ? ('numeric' as const) : undefined,
    dir: kind === 'text' ? ('auto' as const) : ('ltr' as const),
    required: true,
    'aria-invalid': missing || wrong ? ('true' as const) : undefined,
    'aria-describedby': described === '' ? undefined : described,
    onInput: (event: { currentTarget: { value: string } }) => changed?.(event.currentTarget.value),
  }
  return (
    <div class={kind === 'code' ? 'field figures' : 'field'}>
      <label for={name}>{label}</label>
      {hint !== undefined && (
        <span class="quiet" id={`${name}-hint`}>
          {hint}
        </span>
      )}
      <div class={kind === 'password' ? 'secret' : undefined}>
        {kind === 'password' && !open ? <input {...shared} type="password" /> : <input {...shared} type="text" />}
        {kind === 'password' && (
          <button
            class="reveal"
            type="button"
            aria-label={say(open ? 'password.hide' : 'password.show')}
            aria-controls={name}
            onClick={() => setOpen(!open)}
          >
            <Eye open={open} />
          </button>
        )}
      </div>
      {missing && (
        <span class="error" id={`${name}-missing`}>
          {field.missing}
        </span>
      )}
    </div>
  )
}

function Eye({ open }: { open: boolean }) {
  return (
    <svg width="22" height="22" viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path
        d={`M2.500 12C5 7.500 8.300 5.500 12 5.500s7 2 9.500 6.500c-2.500 4.500-5.800 6.500-9.500 6.500S5 16.500 2.500 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z${open ? 'M4 20L20 4' : ''}`}
        fill="none"
        stroke="currentColor"
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  )
}
