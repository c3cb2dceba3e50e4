/** `Retry-After` (RFC 9110 section 10.2.3): seconds or a date, an hour at most; what is neither is not obeyed. */
const LONGEST_MS = 3_600_000

export function retryAfter(value: string | undefined, now_ms: number): number | undefined {
  const text = value?.trim() ?? ''
  const asked_ms = /^[0-9]{1,9}$/.test(text) ? Number(text) * 1000 : dateOf(text) - now_ms
  return Number.isFinite(asked_ms) ? Math.min(Math.max(asked_ms, 0), LONGEST_MS) : undefined
}

/** Of the three forms of a date only the one that may still be sent. */
function dateOf(text: string): number {
  return /^[A-Z][a-z]{2}, [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT$/.test(text)
    ? Date.parse(text)
    : Number.NaN
}
