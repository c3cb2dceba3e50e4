/**
 * One screen: its heading takes the focus when the screen changes, so that a screen reader says where one is and the keyboard
 * goes on from there. Not on the first screen after opening, which the browser reads out by itself.
 */
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { Icon } from './icon.tsx'

export interface ScreenProps {
  readonly title: string
  readonly back?: { readonly to: string; readonly label: string } | undefined
  /** At the end of the line of the way back. */
  readonly aside?: ComponentChildren
  /** A large drawing over the heading. */
  readonly sign?: ComponentChildren
  readonly children: ComponentChildren
}

export function Screen({ title, back, aside, sign, children }: ScreenProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    document.title = title
    window.scrollTo(0, 0)
    if (document.documentElement.dataset.moved !== undefined) heading.current?.focus()
    document.documentElement.dataset.moved = ''
  }, [title])
  return (
    <>
      {back && (
        <div class="back-line">
          <a class="back" href={back.to}>
            <Icon name="back" size={20} />
            {back.label}
          </a>
          {aside}
        </div>
      )}
      {sign}
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </>
  )
}
