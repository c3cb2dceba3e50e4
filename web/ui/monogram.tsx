/** The sign of a service: its first letter on its colour, made to stand out from the paper of the scheme in use. */
import { accentOn } from './contrast.ts'
import { useDark } from './scheme.ts'

export function useAccent(colour: string | undefined): Record<string, string> {
  const accent = accentOn(useDark() ? '#1c2129' : '#ffffff', colour)
  return { '--accent': accent.colour, '--on-accent': accent.text }
}

export function Monogram({ name, colour }: { name: string; colour?: string | undefined }) {
  const [first = '?'] = new Intl.Segmenter().segment(name.trim())[Symbol.iterator]().next().value?.segment ?? '?'
  return (
    <span class="monogram" style={useAccent(colour)} aria-hidden="true">
      {first.toLocaleUpperCase()}
    </span>
  )
}
