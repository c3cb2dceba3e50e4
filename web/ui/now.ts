/** The present second, for what counts down. Rests while nobody looks. */
import { useEffect, useState } from 'preact/hooks'

export function useNow(running = true): number {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    if (!running) return undefined
    const tick = setInterval(() => document.visibilityState === 'visible' && setNow(Date.now()), 1000)
    return () => clearInterval(tick)
  }, [running])
  return now
}
