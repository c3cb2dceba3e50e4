/** What the portal shows for a flow: places, rules, texts, errors; whatever is not understood is left out. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readFlow } from './flow.ts'
import { KNOWN_ERRORS, noticeOf } from './notices.ts'
import { firstPlace, type Place, placeText, readPlace } from './place.ts'
import { keepsRule, rulesIn } from './rules.ts'
import { screenOf } from './screen-of.ts'
import { en } from './texts-en.ts'
import { fr } from './texts-fr.ts'
import { spanText, wordingOf } from './wording.ts'

const LOGIN = { factorId: 'p', code: 'AT_CUSTPWD', type: 'LOGIN', actions: ['c', 'f', 'gone'] }
const OTP = { factorId: 'o', code: 'AT_OTP', type: 'OTP' }
const OOB = { factorId: 'm', code: 'AT_OOB', type: 'OOB', upon: ['p'], oobMethods: ['email', 'sms', 'pigeon'] }
const PUSH = { factorId: 'q', code: 'AT_PASA-2FA', type: 'PUSH', upon: 'x' }
const CERTIFICATE = { factorId: 'k', code: 'AT_CERT', type: 'CERT' }
const actions = [
  { actionId: 'c', type: 'CHANGE_PWD' },
  { actionId: 'f', type: 'RESET_PWD', resetPasswordMethods: ['email'], next_action: 's' },
]
const flowOf = (progress: object, first: object[] = [LOGIN], second: object[] = [OOB, PUSH, CERTIFICATE]) =>
  readFlow({ actions, firstFactors: first, secondFactors: second, progress })
const { say, language } = wordingOf(['en'], undefined)
const screen = (place: Place, flow = flowOf({ step: 'first' }), now = {}) =>
  screenOf(place, { flow, say, language, now: { client: 'Shop', ...now } })

describe('a flow', () => {
  it('leaves out what a form cannot do, and what does not follow the first factor', () => {
    const flow = flowOf({ step: 'second', first: 'p', username: 'alice' })
    expect(flow.secondFactors.map(({ id }) => id)).toEqual(['m'])
    expect(flow.secondFactors[0]?.methods).toEqual(['email', 'sms'])
  })

  it('is read from anything', () => {
    fc.assert(
      fc.property(fc.jsonValue(), value => {
        const flow = readFlow(value)
        expect(firstPlace(flow).at).toBeTruthy()
        expect(screenOf(firstPlace(flow), { flow, say, language, now: { client: '' } }).title).toBeTruthy()
      }),
    )
  })

  it.each([
    [{ step: 'first' }, [LOGIN], 'prove:p'],
    [{ step: 'first' }, [LOGIN, OTP], 'name'],
    [{ step: 'first', username: 'alice' }, [LOGIN, OTP], 'choose'],
    [{ step: 'first', username: 'alice' }, [CERTIFICATE], 'nothing'],
    [{ step: 'second', first: 'p', username: 'alice' }, [LOGIN], 'prove:m'],
    [{ step: 'consent' }, [], 'consent'],
    [{ step: 'ready' }, [], 'end'],
    [{ step: 'failed' }, [], 'over'],
    [{ step: 'unheard of' }, [], 'over'],
  ])('%j of %j begins at %s', (progress, first, place) => {
    expect(placeText(firstPlace(flowOf(progress, first)))).toBe(place)
  })
})

describe('a place', () => {
  it.each([
    ['change:p', 'change:p'],
    ['forgot:p', 'forgot:p'],
    ['reset.email:p', 'reset.email:p'],
    ['change:o', 'prove:p'],
    ['code:p', 'prove:p'],
    ['wait:p', 'prove:p'],
    ['prove:m', 'prove:p'],
    ['prove:__proto__', 'prove:p'],
    ['choose', 'prove:p'],
    ['end', 'prove:p'],
    ['expiring:p', 'prove:p'],
    ['name', 'name'],
    ['', 'prove:p'],
  ])('%j in an address leads to %s', (text, place) => {
    expect(placeText(readPlace(text, flowOf({ step: 'first' })))).toBe(place)
  })

  it('of a form does not stand once the login has moved on', () => {
    for (const step of ['consent', 'ready', 'failed']) {
      const flow = flowOf({ step })
      expect(readPlace('change:p', flow)).toEqual(firstPlace(flow))
    }
  })
})

describe('a screen', () => {
  it('asks for name and password in one form, and for the password alone where the name is known', () => {
    const place: Place = { at: 'prove', factor: 'p' }
    expect(screen(place).form?.fields.map(({ autocomplete }) => autocomplete)).toEqual(['username', 'current-password'])
    const known = screen(place, flowOf({ step: 'first' }), { username: 'alice' })
    expect(known.form?.fields.map(({ name }) => name)).toEqual(['password'])
    expect(known.form?.values.username).toBe('alice')
    expect(known.who?.change?.place).toEqual({ at: 'name' })
  })

  it('names the action that ends a reset', () => {
    expect(screen({ at: 'forgot', factor: 'p' }).form?.values.action_id).toBe('f')
    expect(screen({ at: 'reset', factor: 'p' }).form?.values.action_id).toBe('s')
  })

  it('answers for every scope of a consent', () => {
    const sharings = [{ scope: 'openid', description: 'x' }]
    const { form, sharings: shown } = screen({ at: 'consent' }, flowOf({ step: 'consent' }), { sharings })
    expect(shown?.[0]?.description).toBe(en['scope.openid'])
    expect(form?.buttons.map(({ sends }) => JSON.parse(sends?.value ?? '')[0].status)).toEqual(['accepted', 'refused'])
  })
})

describe('errors', () => {
  it.each(KNOWN_ERRORS)('%s says something, or leads on', error => {
    const notice = noticeOf({ error }, { at: 'prove', factor: 'p' }, flowOf({ step: 'first' }), say, language)
    const silent = ['authorization_pending', 'consent_required', 'step_up_required'].includes(error)
    expect(notice === undefined).toBe(silent)
  })

  it('one that is not known is a fault of the service', () => {
    const notice = noticeOf({ error: 'toString' }, { at: 'name' }, flowOf({ step: 'first' }), say, language)
    expect(notice?.text).toBe(en['error.server_error'])
  })
})

describe('rules', () => {
  const constraints = { minLength: '8', maxLength: 100, minDiffChars: 5, atLeastOneUp: true, atLeastOneLow: false }

  it('are shown where they ask for something', () => {
    expect(rulesIn({ ...constraints, characterRange: 'onlyNum', notOldPassword: 3, notSequence: 'true' })).toEqual([
      ...['minLength', 'minDiffChars', 'characterRange', 'atLeastOneUp', 'notSequence', 'notOldPassword'],
    ])
  })

  it.each([
    ['minLength', 'Ünïcödé8', true],
    ['minLength', '👍👍👍👍👍👍👍', false],
    ['minDiffChars', 'aaaaaaaab', false],
    ['atLeastOneUp', 'É', true],
    ['notBlackListed', 'password', undefined],
  ] as const)('%s of %s: %s', (name, password, kept) => {
    expect(keepsRule(name, constraints, password)).toBe(kept)
  })
})

describe('texts', () => {
  const theme = {
    localization: {
      hid_portal: {
        en: { 'LOGIN.name': 'House password', 'LOGIN.name.mine': 'My password', next_button: 7 },
        fr: { application_title: 'Entrée' },
        de: { application_title: 'Anmelden' },
        nl_BE: { ...en, application_title: 'Aanmelden' },
      },
    },
  }

  it.each([
    [['fr-CA', 'en'], 'fr', 'Entrée'],
    [['de', 'en'], 'en', 'Sign in'],
    [['nl-BE'], 'nl-be', 'Aanmelden'],
    [['constructor', '__proto__'], 'en', 'Sign in'],
    [[], 'en', 'Sign in'],
  ])('for readers of %j are %s', (languages, language, title) => {
    const wording = wordingOf(languages, theme)
    expect([wording.language, wording.say('application_title')]).toEqual([language, title])
  })

  it('of a theme win, and a factor may send a key to another', () => {
    const { say: said } = wordingOf(['en'], theme)
    expect(said('LOGIN.name')).toBe('House password')
    expect(said('LOGIN.name', {}, { 'LOGIN.name': 'LOGIN.name.mine' })).toBe('My password')
    expect(said('LOGIN.name', {}, { 'LOGIN.name': 'LOGIN.name.absent' })).toBe('House password')
    expect(said('next_button')).toBe(en.next_button)
  })

  it('take values once, and a name that turns the direction stays in its place', () => {
    expect(say('consent.title', { client: '{client}' })).toBe('Share with {client}?')
    expect(say('consent.title', { client: '\u202eknaB' })).toBe('Share with \u2068\u202eknaB\u2069?')
  })

  it('have the same words in braces in every language', () => {
    const names = (text: string) => (text.match(/\{[a-z_]+\}/g) ?? []).sort()
    for (const key of Object.keys(en) as (keyof typeof en)[]) expect(names(fr[key]), key).toEqual(names(en[key]))
  })

  it('say spans in whole units', () => {
    expect([90, 7200, 259_200].map(seconds => spanText('en', seconds))).toEqual(['1 minute', '2 hours', '3 days'])
  })
})
