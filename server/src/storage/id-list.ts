/**
 * A list of ids inside a query: `in (…)`. Padded with its last id to one of few lengths, so that a hundred page sizes make
 * four texts and the engines can keep them prepared.
 */
import { Fault } from '#domain/refusal.ts'
import { type Fragment, fragment, separated } from '#storage/sql.ts'

const LENGTHS = [1, 4, 20, 100]

/** `(1, 2, 3)`; of nothing a list that nothing is in. */
export function idList(ids: readonly number[]): Fragment {
  const length = LENGTHS.find(one => one >= ids.length)
  if (length === undefined) throw new Fault('a list of ids is too long')
  const last = ids.at(-1) ?? 0
  const places = Array.from({ length }, (_, n) => fragment`${ids[n] ?? last}`)
  return fragment`(${separated(fragment`, `, places)})`
}
