/**
 * Whether two groups of durations differ, judged by their medians. What chance alone would give is found by shuffling: the
 * samples of both groups are dealt anew many times, and the difference that only one deal in a hundred exceeds is
 * the noise. No assumption about the shape of the distribution is made.
 */
export interface Difference {
  readonly median: readonly [number, number]
  /** Of the medians, second less first. */
  readonly difference: number
  readonly noise: number
  readonly seen: boolean
}

const DEALS = 400

export function medianDifference(
  first: readonly number[],
  second: readonly number[],
  random: () => number = Math.random,
): Difference {
  const pool = [...first, ...second]
  const deals = Array.from({ length: DEALS }, () => {
    shuffle(pool, random)
    return Math.abs(median(pool.slice(0, first.length)) - median(pool.slice(first.length)))
  })
  const noise = deals.sort((a, b) => a - b)[Math.floor(DEALS * 0.99)] as number
  const medians = [median(first), median(second)] as const
  const difference = medians[1] - medians[0]
  return { median: medians, difference, noise, seen: Math.abs(difference) > noise }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] ?? 0
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2
}

/** Fisher and Yates, in place. */
function shuffle(values: number[], random: () => number): void {
  for (let last = values.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1))
    const kept = values[last] as number
    values[last] = values[other] as number
    values[other] = kept
  }
}
