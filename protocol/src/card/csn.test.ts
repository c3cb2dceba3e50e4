/** Serial numbers as readers print them. */
import { describe, expect, it } from 'vitest'
import { csnOf } from './csn.ts'

describe('csnOf', () => {
  it.each([
    ['04a2b3c4', '04A2B3C4'],
    ['04:A2:B3:C4', '04A2B3C4'],
    ['04 a2 b3 c4 d5 e6 80', '04A2B3C4D5E680'],
    ['01-02-03-04-05-06-07-08-09-0a', '0102030405060708090A'],
    ['', undefined],
    ['04A2B3', undefined],
    ['04A2B3C', undefined],
    ['0102030405060708090A0B', undefined],
    ['04A2B3CG', undefined],
    ['04A2B3C4\n', undefined],
    [`${' '.repeat(40)}04A2B3C4`, undefined],
  ])('%j is %j', (printed, csn) => expect(csnOf(printed)).toBe(csn))
})
