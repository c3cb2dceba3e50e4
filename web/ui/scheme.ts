/** Whether the reader's scheme is dark, and the news when it changes. */
import { useEffect, useState } from 'preact/hooks'

const query = window.matchMedia('(prefers-color-scheme: dark)')

export function useDark(): boolean {
  const [dark, setDark] = useState(query.matches)
  useEffect(() => {
    const changed = (event: MediaQueryListEvent) => setDark(event.matches)
    query.addEventListener('change', changed)
    return () => query.removeEventListener('change', changed)
  }, [])
  return dark
}
