/** The sign of a service: its first letter on its colour; and its colour as an accent that stands out in the scheme in use. */
import { accentOn, signIn } from './contrast.ts'
import { useDark } from './scheme.ts'

// The colours of cards in colours.css.
const CARD = { light: '#ffffff', dark: '#1c2129' }

export function useAccent(colour: string | undefined): Record<string, string> {
  return { '--accent': accentOn(useDark() ? CARD.dark : CARD.light, colour) }
}

export function Monogram({ name, colour }: { name: string; colour?: string | undefined }) {
  const [first] = new Intl.Segmenter().segment(name.trim())
  const sign = signIn(colour)
  return (
    <span class="monogram" style={{ '--sign': sign.colour, '--on-sign': sign.text }} aria-hidden="true">
      {(first?.segment ?? '?').toLocaleUpperCase()}
    </span>
  )
}
