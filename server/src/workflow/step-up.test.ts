/** required, notRequired, automatic, as the samples explain them; and what is asked of people who lack the second factor. */
import { describe, expect, it } from 'vitest'
import type { FirstFactor } from '#workflow/factor.ts'
import { pathsFor } from '#workflow/paths.ts'
import { afterFirst } from '#workflow/step-up.ts'
import { type Sample, workflowOf } from '../../test/workflow/samples.ts'

function after(name: Sample, n: number, owned: readonly string[], changes: Record<string, unknown> = {}) {
  const workflow = workflowOf(name, changes)
  const result = afterFirst(workflow, workflow.firstFactors[n] as FirstFactor, new Set(owned))
  return result.step === 'second' ? result.factors.map(({ id }) => id) : result.step
}

const FILTERING = '/payload/accessCriteria/0/authenticators/secondFactorsFiltering'
const PUSH = 'factor.push_authentication'

describe('notRequired', () => {
  it('a temporary password is enough, also for somebody who has push', () => {
    expect(after('temporary-or-password-push', 0, ['AT_TEMPPWD'])).toBe('enough')
    expect(after('temporary-or-password-push', 0, ['AT_TEMPPWD', 'AT_PASA-2FA'])).toBe('enough')
  })

  it('is meant when nothing is said', () => {
    expect(after('password-or-otp', 0, ['AT_CUSTPWD', 'AT_CUSTOTP'])).toBe('enough')
  })
})

describe('required', () => {
  it('asks for push after the password', () => {
    expect(after('temporary-or-password-push', 1, ['AT_CUSTPWD', 'AT_PASA-2FA'])).toEqual([PUSH])
  })

  it('leads nowhere for somebody who has none, while filtering', () => {
    expect(after('temporary-or-password-push', 1, ['AT_CUSTPWD'])).toBe('no way on')
    expect(after('temporary-or-password-push', 1, ['AT_CUSTPWD'], { [FILTERING]: false })).toEqual([PUSH])
  })

  it('is never fulfilled by a second factor that belongs to another first one', () => {
    const changes = { '/payload/secondFactors/0/upon': 'factor.user_pasword_temporary' }
    expect(after('temporary-or-password-push', 1, ['AT_CUSTPWD', 'AT_PASA-2FA'], changes)).toBe('no way on')
  })
})

describe('automatic', () => {
  it('asks for push whoever has it, and nobody else', () => {
    expect(after('password-push-automatic', 0, ['AT_CUSTPWD', 'AT_PASA-2FA'])).toEqual([PUSH])
    expect(after('password-push-automatic', 0, ['AT_CUSTPWD'])).toBe('enough')
  })

  it('does so without filtering, too', () => {
    expect(after('password-push-automatic', 0, ['AT_CUSTPWD'], { [FILTERING]: false })).toBe('enough')
  })

  it('offers all that the person has', () => {
    const otp = {
      ...{
        factorId: 'factor.otp',
        accessCriteriaId: 'access_criteria.common_to_all',
        code: 'AT_CUSTOTP',
        class: 'OTP',
      },
      upon: ['factor.user_pasword'],
    }
    const changes = { '/payload/secondFactors/-': otp }
    const all = ['AT_CUSTPWD', 'AT_PASA-2FA', 'AT_CUSTOTP']
    expect(after('password-push-automatic', 0, all, changes)).toEqual([PUSH, 'factor.otp'])
    expect(after('password-push-automatic', 0, ['AT_CUSTPWD', 'AT_CUSTOTP'], changes)).toEqual(['factor.otp'])
  })
})

describe('paths', () => {
  const paths = (name: Sample, owned: readonly string[]) =>
    pathsFor(workflowOf(name), new Set(owned)).map(({ first, second }) => [first.code, second?.code].join(' '))

  it.each<[Sample, readonly string[], readonly string[]]>([
    ['temporary-or-password-push', ['AT_TEMPPWD'], ['AT_TEMPPWD ']],
    ['temporary-or-password-push', ['AT_CUSTPWD'], []],
    [
      'temporary-or-password-push',
      ['AT_TEMPPWD', 'AT_CUSTPWD', 'AT_PASA-2FA'],
      ['AT_TEMPPWD ', 'AT_CUSTPWD AT_PASA-2FA'],
    ],
    ['password-push-automatic', ['AT_CUSTPWD'], ['AT_CUSTPWD ']],
    ['password-push-automatic', ['AT_CUSTPWD', 'AT_PASA-2FA'], ['AT_CUSTPWD AT_PASA-2FA']],
    ['activation-code-otp', ['AT_OOB'], ['AT_OOB AT_OOB']],
    ['password-otp-oob', ['AT_CUSTPWD', 'AT_OOB'], ['AT_CUSTPWD AT_OOB']],
    ['passkey', [], ['AT_EMPPWD AT_FIDO', 'AT_FIDO ']],
    ['card', [], []],
    ['card', ['AT_CARD'], ['AT_CARD ']],
  ])('%s for somebody who has %j', (name, owned, expected) => {
    expect(paths(name, owned)).toEqual(expected)
  })
})
