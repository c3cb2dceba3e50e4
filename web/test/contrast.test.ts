/** Colours of strangers keep their contrast, whatever they are (WCAG 2.2, 1.4.3 and 1.4.11). */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { accentOn, contrast, signIn } from '../ui/contrast.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map(value => `#${value.toString(16).padStart(6, '0')}`)

describe('an accent', () => {
  it.each(['#ffffff', '#1c2129'])('stands out from %s', paper => {
    fc.assert(fc.property(colour, wanted => contrast(accentOn(paper, wanted), paper) >= 3))
  })

  it('stays as it was when it does already', () => {
    expect(accentOn('#ffffff', '#0b5fff')).toBe('#0b5fff')
  })

  it.each([undefined, '', 'red', '#fff', '#0b5fff; background: url(x)', '#0B5FFF'])(
    'is our own instead of %s',
    wanted => {
      expect(accentOn('#ffffff', wanted)).toBe('#0b5d4e')
    },
  )
})

describe('a sign', () => {
  it('has text that reads', () => {
    fc.assert(
      fc.property(colour, wanted => {
        const { colour: ground, text } = signIn(wanted)
        return ground === wanted && contrast(ground, text) >= 4.5
      }),
    )
  })

  it('agrees with numbers from outside', () => {
    // https://www.w3.org/WAI/WCAG22/Techniques/general/G18: black on white is 21 to 1; #767676 on white is the known edge of 4.5.
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
    expect(contrast('#767676', '#ffffff')).toBeGreaterThanOrEqual(4.5)
    expect(contrast('#777777', '#ffffff')).toBeLessThan(4.5)
  })
})
