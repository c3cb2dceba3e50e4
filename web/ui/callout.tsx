/** A boxed remark. The tone is said by a drawing and by words, not by colour alone (WCAG 2.2, 1.4.1). */
import type { ComponentChildren } from 'preact'
import { Icon, type IconName } from './icon.tsx'

export type Tone = 'info' | 'warning' | 'error' | 'success'
const icons: Readonly<Record<Tone, IconName>> = { info: 'info', warning: 'warning', error: 'cross', success: 'tick' }

export interface CalloutProps {
  readonly tone: Tone
  readonly title?: string
  /** Read out when it appears: for what somebody waits for, or must not miss. */
  readonly announced?: boolean
  readonly children?: ComponentChildren
}

export function Callout({ tone, title, announced = false, children }: CalloutProps) {
  const role = announced ? (tone === 'error' ? 'alert' : 'status') : undefined
  return (
    <div class={`callout ${tone}`} role={role}>
      <Icon name={icons[tone]} />
      <div>
        {title && <p class="title">{title}</p>}
        {children}
      </div>
    </div>
  )
}
