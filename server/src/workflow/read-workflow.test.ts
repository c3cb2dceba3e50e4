/** Document → workflow: both vocabularies, what is forgiven, what is refused and where. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bounds } from '#workflow/bounds.ts'
import { lint } from '#workflow/lint.ts'
import { readWorkflow } from '#workflow/read-workflow.ts'
import { changed, SAMPLES, type Sample, workflowOf } from '../../test/workflow/samples.ts'

const FIRST = '/payload/firstFactors/0'
const SECOND = '/payload/secondFactors/0'
const PUSH: Sample = 'temporary-or-password-push'

const problemsOf = (document: unknown) =>
  readWorkflow(document).problems.map(({ at, expected, found }) => `${at}: ${expected} / ${found}`)
const problems = (changes: Record<string, unknown>, name: Sample = PUSH) => problemsOf(changed(name, changes))

describe('both vocabularies', () => {
  it('class and step_up, type and stepUp mean the same', () => {
    const older = workflowOf('password-otp-oob')
    const {
      class: kind,
      step_up,
      ...rest
    } = (changed('password-otp-oob', {}) as Shape).payload.firstFactors[0] as Entry
    const newer = workflowOf('password-otp-oob', { [FIRST]: { ...rest, type: kind, stepUp: step_up } })
    expect(newer.firstFactors[0]).toEqual({ ...older.firstFactors[0], stepUpAt: `${FIRST}/stepUp` })
    expect(older.firstFactors[0]).toMatchObject({ class: 'LOGIN', stepUp: 'required', stepUpAt: `${FIRST}/step_up` })
  })

  it('both may stand in one factor when they say the same', () => {
    expect(problems({ [`${FIRST}/type`]: 'LOGIN' })).toEqual([])
    expect(problems({ [`${FIRST}/type`]: 'OTP' })).toEqual([
      `${FIRST}/class: the same as type, or only one of both / "LOGIN"`,
    ])
    expect(problems({ [`${FIRST}/stepUp`]: 'required' })).toEqual([
      `${FIRST}/step_up: the same as stepUp, or only one of both / "notRequired"`,
    ])
  })

  it('upon is a name or a list of names', () => {
    const id = 'factor.user_pasword'
    expect(workflowOf(PUSH).secondFactors[0]?.upon).toEqual([{ id, at: `${SECOND}/upon` }])
    expect(workflowOf(PUSH, { [`${SECOND}/upon`]: [id] }).secondFactors[0]?.upon).toEqual([
      { id, at: `${SECOND}/upon/0` },
    ])
    expect(workflowOf(PUSH, { [`${SECOND}/upon`]: undefined }).secondFactors[0]?.upon).toBeUndefined()
    expect(problems({ [`${SECOND}/upon`]: [] })).toEqual([
      `${SECOND}/upon: the name of a first factor, or several in a list / a list of 0`,
    ])
    expect(problems({ [`${SECOND}/upon`]: 7 })[0]).toContain(`${SECOND}/upon: a text of at most`)
  })

  it('words in any case, names as they are written', () => {
    const { enrolActions } = workflowOf('card', { '/payload/enrollActions/0/deviceBinding': 'notrequired' })
    expect(enrolActions[0]?.deviceBinding).toBe('notRequired')
    const attachment = '/payload/enrollActions/0/authenticatorAttachment'
    expect(workflowOf('passkey', { [attachment]: 'Platform' }).enrolActions[0]?.authenticatorAttachment).toBe(
      'platform',
    )
    expect(problems({ [attachment]: 'cross_platform' }, 'passkey')).toEqual([
      `${attachment}: one of platform, cross-platform / "cross_platform"`,
    ])
    expect(workflowOf(PUSH, { [`${FIRST}/factorId`]: ' Factor.A ' }).firstFactors[0]?.id).toBe(' Factor.A ')
  })

  it('discoverCredentialsInDevice as text and as truth value', () => {
    const place = '/payload/firstFactors/1/discoverCredentialsInDevice'
    const discovers = (value: unknown) =>
      workflowOf('passkey', { [place]: value }).firstFactors[1]?.passkey.discoverCredentialsInDevice
    expect(['true', true, 'false', false, undefined].map(discovers)).toEqual([true, true, false, false, undefined])
    expect(problems({ [place]: 'yes' }, 'passkey')).toEqual([`${place}: one of true, false / "yes"`])
  })
})

interface Shape {
  readonly payload: { readonly firstFactors: readonly Entry[] }
}
type Entry = Readonly<Record<string, unknown>>

describe('settings of messages and passkeys', () => {
  it('are read as they are', () => {
    const html = { '/payload/actions/2/resetPasswordMethods/email/templateHtml': true }
    const [mail, sms] = workflowOf(PUSH, html).actions[2]?.resetPasswordMethods ?? []
    expect(mail).toMatchObject({ method: 'email', html: true })
    expect(sms).toMatchObject({ method: 'sms', html: false, at: '/payload/actions/2/resetPasswordMethods/sms' })
    const models = { '/payload/enrollActions/0/allowedAAGUIDs': ['B93FD961-F2E6-462F-B122-82002247DE78'] }
    expect(workflowOf('passkey', models).enrolActions[0]).toMatchObject({
      allowedAAGUIDs: ['b93fd961-f2e6-462f-b122-82002247de78'],
      residentKey: 'required',
      attestationVerification: 'direct',
      deviceType: 'DT_FIDO',
      credentialType: 'CT_FIDOU2F',
      protectionFactor: { id: 'enroll_protection.user_password', at: '/payload/enrollActions/0/protectionFactor' },
    })
  })

  it('seconds and device settings of push', () => {
    const changes = {
      [`${SECOND}/pollTimeout`]: 30,
      [`${SECOND}/pollInterval`]: 2,
      '/payload/actions/2/validityPeriod': 900,
    }
    const { secondFactors, actions } = workflowOf(PUSH, changes)
    expect(secondFactors[0]?.push).toEqual({
      ...{ okStatus: 'approved', allowUserDeviceSelection: true, pollTimeout_seconds: 30, pollInterval_seconds: 2 },
    })
    expect(actions[2]?.validity_seconds).toBe(900)
    expect([...(workflowOf('password-or-otp').firstFactors[1]?.labels ?? [])][0]).toEqual([
      'OTP.name',
      'OTP.name.otp_token',
    ])
  })
})

describe('what is left out', () => {
  it('has a stated meaning', () => {
    const { criteria, firstFactors, themeId, secondFactors } = workflowOf('password-or-otp', {
      '/payload/theme_id': '',
      '/payload/accessCriteria/0/authenticators': undefined,
    })
    expect(themeId).toBeUndefined()
    expect(secondFactors).toEqual([])
    expect(criteria[0]).toMatchObject({
      firstFactorsFiltering: false,
      secondFactorsFiltering: false,
      acrFiltering: false,
    })
    expect(firstFactors[1]).toMatchObject({ stepUp: 'notRequired', stepUpAt: '/payload/firstFactors/1' })
    expect(firstFactors[1]).not.toHaveProperty('retry')
  })

  it('is no null', () => {
    expect(problems({ [`${SECOND}/upon`]: null })[0]).toContain(`${SECOND}/upon: a text`)
    expect(problems({ [`${FIRST}/step_up`]: null })).toEqual([
      `${FIRST}/step_up: one of required, notRequired, automatic / null`,
    ])
  })
})

describe('what is refused, and where', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['no id', { '/id': undefined }, '/id: a text of at most 128 characters / nothing'],
    ['no payload', { '/payload': undefined }, '/payload: an object with the factors / nothing'],
    ['a payload that is none', { '/payload': [] }, '/payload: an object / a list of 0'],
    ['no list', { '/payload/firstFactors': {} }, '/payload/firstFactors: a list of at most 32 / an object'],
    ['a factor that is none', { [FIRST]: 'AT_CUSTPWD' }, `${FIRST}: an object / "AT_CUSTPWD"`],
    ['no name', { [`${FIRST}/factorId`]: undefined }, `${FIRST}/factorId: a text of at most 128 characters / nothing`],
    ['an empty name', { [`${FIRST}/factorId`]: '' }, `${FIRST}/factorId: a text that is not empty / ""`],
    ['no policy', { [`${FIRST}/code`]: undefined }, `${FIRST}/code: a text of at most 128 characters / nothing`],
    [
      'no criteria',
      { [`${FIRST}/accessCriteriaId`]: undefined },
      `${FIRST}/accessCriteriaId: a text of at most 128 characters / nothing`,
    ],
    [
      'no class',
      { [`${FIRST}/class`]: undefined },
      `${FIRST}/type: one of LOGIN, OTP, PUSH, OOB, CODE, PKI, FIDO, CARD (also spelled class) / nothing`,
    ],
    [
      'another class',
      { [`${FIRST}/class`]: 'FACE' },
      `${FIRST}/class: one of LOGIN, OTP, PUSH, OOB, CODE, PKI, FIDO, CARD / "FACE"`,
    ],
    [
      'another step-up',
      { [`${FIRST}/step_up`]: 'never' },
      `${FIRST}/step_up: one of required, notRequired, automatic / "never"`,
    ],
    [
      'push first',
      { [`${FIRST}/class`]: 'PUSH' },
      `${FIRST}/class: a class that may come first; push belongs into secondFactors / "PUSH"`,
    ],
    ['no whole number', { [`${FIRST}/retry`]: '3' }, `${FIRST}/retry: a whole number from 1 to 100 / "3"`],
    ['no answer at all', { [`${FIRST}/retry`]: 0 }, `${FIRST}/retry: a whole number from 1 to 100 / 0`],
    [
      'a truth as text',
      { [`${SECOND}/allowUserDeviceSelection`]: 'true' },
      `${SECOND}/allowUserDeviceSelection: true or false, without quotes / "true"`,
    ],
    [
      'a name twice',
      { '/payload/firstFactors/1/factorId': 'factor.user_pasword_temporary' },
      '/payload/firstFactors/1/factorId: a name that no other entry of the list has / "factor.user_pasword_temporary"',
    ],
    [
      'a message that is only a text',
      { '/payload/actions/2/resetPasswordMethods/sms': 'x' },
      '/payload/actions/2/resetPasswordMethods/sms: an object / "x"',
    ],
    [
      'a way that nobody knows',
      { '/payload/actions/2/resetPasswordMethods/fax': {} },
      '/payload/actions/2/resetPasswordMethods/fax: only email, sms / "fax"',
    ],
  ])('%s', (_, changes, expected) => {
    expect(problems(changes)).toEqual([expected])
  })

  it('a payload without its envelope is told so', () => {
    expect(problemsOf({ id: 'A', firstFactors: [] })).toEqual([
      '/payload: an object with the factors: put what stands here inside it / nothing',
    ])
    expect(problemsOf([])).toEqual([': an object / a list of 0'])
  })

  it('a model of a passkey that is none', () => {
    const place = '/payload/enrollActions/0/allowedAAGUIDs'
    expect(problems({ [`${place}/1`]: 'any' }, 'passkey')).toEqual([
      `${place}/1: an AAGUID: 32 hex digits in five groups / "any"`,
    ])
  })

  it('everything at once, up to a bound', () => {
    const both = problems({ [`${FIRST}/retry`]: -1, [`${SECOND}/retry`]: 1.5, '/payload/actions/0/class': 'X' })
    expect(both.map(line => line.split(':')[0])).toEqual([
      '/payload/actions/0/class',
      `${FIRST}/retry`,
      `${SECOND}/retry`,
    ])
    const wrong = { ...(changed(PUSH, {}) as Shape).payload.firstFactors[0], upon: Array(32).fill(7) }
    expect(problems({ '/payload/firstFactors': Array(32).fill(wrong) })).toHaveLength(bounds.problems)
    expect(problems({ '/payload/firstFactors': Array(33).fill(wrong) })).toEqual([
      '/payload/firstFactors: a list of at most 32 / a list of 33',
    ])
  })

  it('pointers are escaped', () => {
    expect(readWorkflow(changed(PUSH, { '/payload/a': 1 })).unread).toEqual(['/payload/a'])
    const document = changed(PUSH, {}) as { payload: Record<string, unknown> }
    document.payload['a/b~c'] = 1
    expect(readWorkflow(document).unread).toEqual(['/payload/a~1b~0c'])
  })
})

describe('names that are not part of the language', () => {
  it.each([
    [`${FIRST}/stepup`, 'stepUp'],
    [`${FIRST}/Step_Up`, 'stepUp'],
    [`${FIRST}/Retry`, 'retry'],
    ['/payload/second_factors', 'secondFactors'],
    ['/payload/actions/2/nextAction', 'next_action'],
    ['/Payload', 'payload'],
  ])('%s was meant to be another', (place, meant) => {
    const name = place.split('/').pop()
    expect(problems({ [place]: 'x' })).toContain(`${place}: the name spelled ${meant} / "${name}"`)
  })

  it('what could narrow who is offered something is refused', () => {
    const place = '/payload/accessCriteria/0'
    expect(problems({ [`${place}/groups`]: ['UG_A'] })).toEqual([
      `${place}/groups: only accessCriteriaId, authenticators / "groups"`,
    ])
    expect(problems({ [`${place}/authenticators/network`]: 'inside' })).toEqual([
      `${place}/authenticators/network: only firstFactorsFiltering, secondFactorsFiltering, acrFiltering / "network"`,
    ])
  })

  it('others are kept unread', () => {
    const { workflow, unread } = readWorkflow(changed(PUSH, { '/payload/note': 'x', [`${FIRST}/icon`]: 'key' }))
    expect(workflow).toBeDefined()
    expect(unread).toEqual(['/payload/note', `${FIRST}/icon`])
  })

  it('the document is not changed by reading', () => {
    const document = changed('passkey', {})
    readWorkflow(document)
    expect(document).toEqual(changed('passkey', {}))
  })
})

describe('whatever is given', () => {
  const judged = (document: unknown) => {
    const { workflow, problems, unread } = readWorkflow(document)
    expect(workflow === undefined).toBe(problems.length > 0)
    if (workflow) lint(workflow, unread)
    return true
  }

  it('any value is a workflow or has problems', () => {
    fc.assert(fc.property(fc.jsonValue(), judged))
  })

  it('so is any sample with some values replaced by others', () => {
    const change = fc.tuple(
      fc.nat(),
      fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.constantFrom('LOGIN', 'FIDO', 'required')),
    )
    fc.assert(
      fc.property(fc.constantFrom(...SAMPLES), fc.array(change, { minLength: 1, maxLength: 3 }), (sample, changes) => {
        const document = changes.reduce<unknown>(
          (was, [n, value]) => {
            const places = pointersIn(was)
            return replaced(was, places[n % places.length] as readonly string[], value)
          },
          changed(sample, {}),
        )
        judged(document)
      }),
      { numRuns: 1000 },
    )
  })

  const pointersIn = (value: unknown, at: readonly string[] = []): (readonly string[])[] => [
    at,
    ...(value !== null && typeof value === 'object'
      ? Object.entries(value).flatMap(([name, one]) => pointersIn(one, [...at, name]))
      : []),
  ]

  const replaced = (value: unknown, [step, ...rest]: readonly string[], by: unknown): unknown => {
    if (step === undefined) return by
    const inner = replaced((value as Record<string, unknown>)[step], rest, by)
    return Array.isArray(value) ? value.with(Number(step), inner) : { ...(value as object), [step]: inner }
  }
})

it('the largest workflow is read and judged quickly', () => {
  const of = (n: number, prefix: string) => ({
    ...{ factorId: `${prefix}${n}`, accessCriteriaId: 'access_criteria.common_to_all', code: `AT_${prefix}${n}` },
    ...{ type: prefix === 'A' ? 'LOGIN' : 'OTP', acr: 'one', actions: Array(32).fill('action.change_password') },
  })
  const many = (prefix: string, more: object) => Array.from({ length: 32 }, (_, n) => ({ ...of(n, prefix), ...more }))
  const document = changed(PUSH, {
    '/payload/firstFactors': many('A', { stepUp: 'automatic' }),
    '/payload/secondFactors': many('B', {}),
  })
  const before = performance.now()
  judgedOnce(document)
  expect(performance.now() - before).toBeLessThan(1000)
})

function judgedOnce(document: unknown): void {
  const { workflow, unread, problems } = readWorkflow(document)
  expect(problems).toEqual([])
  if (workflow) expect(lint(workflow, unread).filter(({ code }) => code === 'acr_too_strong')).toHaveLength(32)
}
