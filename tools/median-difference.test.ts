/** The judgement about two groups of times: groups of one kind do not differ, groups that were moved apart do. */
import { expect, it } from 'vitest'
import { median, medianDifference } from './median-difference.ts'

/** A small generator with a fixed seed (mulberry32), so that the verdicts are the same in every run. */
function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

it('the median of odd, even and no values', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
  expect(median([])).toBe(0)
})

it('sees a difference that is there and none that is not', () => {
  const random = seeded(7)
  const times = (more: number) => Array.from({ length: 500 }, () => 1000 + more + 200 * random() ** 4)
  const same = medianDifference(times(0), times(0), random)
  expect(same.seen).toBe(false)
  const apart = medianDifference(times(0), times(10), random)
  expect(apart.seen).toBe(true)
  expect(apart.difference).toBeGreaterThan(5)
})
