/** Times and counts as the reader's language writes them (ECMA-402). Seconds since 1970 go in, as the protocol has them. */
import { language } from './say.ts'

const clock = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' })
const seconds = new Intl.NumberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'long' })
const minutes = new Intl.NumberFormat(language, { style: 'unit', unit: 'minute', unitDisplay: 'long' })
const relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' })

export const timeOf = (at: number): string => clock.format(at * 1000)

/** Whole minutes while there are two or more, then seconds. */
export function spanOf(left: number): string {
  return left >= 120 ? minutes.format(Math.floor(left / 60)) : seconds.format(Math.max(0, Math.ceil(left)))
}

export function agoOf(at: number, now: number): string {
  const gone = Math.max(0, now - at)
  if (gone < 60) return relative.format(0, 'second')
  if (gone < 3600) return relative.format(-Math.floor(gone / 60), 'minute')
  if (gone < 86_400) return relative.format(-Math.floor(gone / 3600), 'hour')
  return timeOf(at)
}
