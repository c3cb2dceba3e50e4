/** Filtering offers what the person has; without it everything is offered; criteria that are not there offer nothing. */
import { describe, expect, it } from 'vitest'
import { firstFactorsFor, secondFactorsAfter } from '#workflow/criteria.ts'
import type { FirstFactor } from '#workflow/factor.ts'
import { workflowOf } from '../../test/workflow/samples.ts'

const ids = (factors: readonly { readonly id: string }[]) => factors.map(({ id }) => id)
const AUTHENTICATORS = '/payload/accessCriteria/0/authenticators'

describe('first factors', () => {
  it.each([
    [[], []],
    [['AT_CUSTOTP'], ['factor.otp_token']],
    [['AT_CUSTPWD'], ['factor.user_static_pasword']],
    [
      ['AT_CUSTOTP', 'AT_CUSTPWD'],
      ['factor.user_static_pasword', 'factor.otp_token'],
    ],
    [['AT_OTHER'], []],
  ])('filtered, somebody who has %j is offered %j', (owned, expected) => {
    expect(ids(firstFactorsFor(workflowOf('password-or-otp'), new Set(owned)))).toEqual(expected)
  })

  it('not filtered, everybody is offered all', () => {
    const workflow = workflowOf('password-or-otp', { [`${AUTHENTICATORS}/firstFactorsFiltering`]: false })
    expect(firstFactorsFor(workflow, new Set())).toHaveLength(2)
  })

  it('each factor goes by its own criteria, and by none when they are not defined', () => {
    const ssp = { accessCriteriaId: 'access_criteria.ssp', authenticators: { firstFactorsFiltering: false } }
    const place = '/payload/firstFactors/1/accessCriteriaId'
    const changes = { '/payload/accessCriteria/-': ssp, [place]: 'access_criteria.ssp' }
    expect(ids(firstFactorsFor(workflowOf('password-or-otp', changes), new Set()))).toEqual(['factor.otp_token'])
    const everything = new Set(['AT_CUSTPWD', 'AT_CUSTOTP'])
    expect(ids(firstFactorsFor(workflowOf('password-or-otp', { [place]: 'gone' }), everything))).toEqual([
      'factor.user_static_pasword',
    ])
  })
})

describe('second factors', () => {
  const sample = 'temporary-or-password-push'
  const after = (n: number, owned: readonly string[], changes = {}) => {
    const workflow = workflowOf(sample, changes)
    return ids(secondFactorsAfter(workflow, workflow.firstFactors[n] as FirstFactor, new Set(owned)))
  }
  const PUSH = 'factor.push_authentication'

  it('come after the first factor that upon names, and after no other', () => {
    expect(after(1, ['AT_PASA-2FA'])).toEqual([PUSH])
    expect(after(0, ['AT_PASA-2FA'])).toEqual([])
  })

  it('come after each when upon says nothing', () => {
    const changes = { '/payload/secondFactors/0/upon': undefined }
    expect(after(0, ['AT_PASA-2FA'], changes)).toEqual([PUSH])
    expect(after(1, ['AT_PASA-2FA'], changes)).toEqual([PUSH])
  })

  it('are filtered by a switch of their own', () => {
    expect(after(1, [])).toEqual([])
    expect(after(1, [], { [`${AUTHENTICATORS}/secondFactorsFiltering`]: false })).toEqual([PUSH])
  })
})
