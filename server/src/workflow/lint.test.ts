/**
 * Faults planted in sample workflows, each found at its pointer; and every code of a finding planted at least once. What a
 * sample has of itself (see samples.test.ts) is left aside.
 */
import { describe, expect, it } from 'vitest'
import { findingCodes } from '#workflow/finding.ts'
import { FIRST, nothingToEnrol, PUSH, pin, planted, SECOND, token } from '../../test/workflow/planted.ts'
import { found, type Sample } from '../../test/workflow/samples.ts'

describe('a planted fault', () => {
  it.each(planted)('%s', (_, sample, changes, expected) => {
    const ofItself = found(sample)
    expect(
      found(sample, changes)
        .filter(one => !ofItself.includes(one))
        .sort(),
    ).toEqual([...expected].sort())
  })

  it('there is one for every code', () => {
    const codes = new Set(planted.flatMap(([, , , expected]) => expected.map(one => one.split(' ')[0])))
    expect([...codes].sort()).toEqual([...findingCodes].sort())
  })
})

describe('what is no fault', () => {
  it.each<[string, Sample, Record<string, unknown>]>([
    ['a weaker way with an acr of its own', PUSH, { [`${FIRST}/acr`]: 'low', [`${SECOND}/acr`]: 'acr_mfa' }],
    ['a second factor after each', PUSH, { [`${SECOND}/upon`]: undefined }],
    ['a password and a PIN that claim nothing', PUSH, { '/payload/secondFactors/-': { ...pin, acr: 'acr_pin' } }],
    ['an acr that no way ends with', PUSH, { [`${FIRST}/step_up`]: 'required', [`${FIRST}/acr`]: 'acr_push' }],
    ['two things to come in by', 'card', { ...nothingToEnrol, '/payload/firstFactors/-': token }],
    ['a reset in one action', PUSH, { '/payload/actions/1/class': 'FORGOT_PWD' }],
  ])('%s', (_, sample, changes) => {
    const ofItself = found(sample)
    expect(found(sample, changes).filter(one => !ofItself.includes(one))).toEqual([])
  })
})
