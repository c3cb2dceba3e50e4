/**
 * A button that keeps its focus while it works: it says so and takes no second press, instead of being disabled, which would throw
 * the keyboard's place away.
 */
import type { ComponentChildren } from 'preact'
import { Icon, type IconName, Spinner } from './icon.tsx'

export interface ButtonProps {
  readonly kind?: 'primary' | 'plain' | 'danger' | 'text' | 'text danger'
  readonly icon?: IconName
  readonly busy?: boolean
  /** A submit button of its form, when nothing is to be done on press. */
  readonly press?: () => void
  /** Instead of the text, for whoever hears it: begins with the text, and says of what. */
  readonly label?: string
  readonly children: ComponentChildren
}

export function Button({ kind = 'plain', icon, busy = false, press, label, children }: ButtonProps) {
  return (
    <button
      type={press ? 'button' : 'submit'}
      class={`button ${kind}`}
      aria-label={label}
      aria-disabled={busy ? 'true' : undefined}
      onClick={event => {
        if (busy) event.preventDefault()
        else press?.()
      }}
    >
      {busy ? <Spinner /> : icon && <Icon name={icon} size={20} />}
      <span>{children}</span>
    </button>
  )
}

export function LinkButton({
  kind = 'plain',
  icon,
  to,
  apart = false,
  children,
}: Omit<ButtonProps, 'press' | 'busy' | 'label'> & { to: string; apart?: boolean }) {
  return (
    <a class={`button ${kind}`} href={to} {...(apart ? { target: '_blank', rel: 'noopener' } : {})}>
      {icon && <Icon name={icon} size={20} />}
      <span>{children}</span>
    </a>
  )
}
