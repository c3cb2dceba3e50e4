/** Three tries are three wrong answers. */
import { expect, it } from 'vitest'
import { isExhausted } from '#workflow/retry.ts'

it('ends with the last wrong answer that is borne', () => {
  expect([0, 1, 2, 3, 4].map(wrong => isExhausted({ retry: 3 }, wrong))).toEqual([false, false, false, true, true])
  expect(isExhausted({ retry: 1 }, 1)).toBe(true)
})

it('never ends by itself when nothing is said', () => {
  expect(isExhausted({}, 1_000)).toBe(false)
})
