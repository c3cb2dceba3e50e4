/** What the portal shows for passkeys and cards: places and screens of enrolment, what stands beside a user name, words for refusals. */
import { describe, expect, it } from 'vitest'
import { readFlow } from './flow.ts'
import { noticeOf } from './notices.ts'
import { firstPlace, type Place, placeText, readPlace } from './place.ts'
import { screenOf } from './screen-of.ts'
import { en } from './texts-en.ts'
import { wordingOf } from './wording.ts'

const LOGIN = { factorId: 'p', code: 'AT_EMPPWD', type: 'LOGIN' }
const FIDO = { factorId: 'k', code: 'AT_FIDO', type: 'FIDO', discoverCredentialsInDevice: true }
const CARD = { factorId: 'c', code: 'AT_CARD', type: 'CARD' }
const passkey = { enrollId: 'e', type: 'FIDO', code: 'AT_FIDO', protectionFactor: 'x' }
const card = { enrollId: 'f', type: 'CARD', code: 'cards', protectionFactor: 'x' }
const protections = [
  { protectionFactorId: 'x', code: 'AT_EMPPWD', type: 'LOGIN' },
  { protectionFactorId: 'push', code: 'AT_PASA', type: 'PUSH' },
]
const flowOf = (progress: object = { step: 'first' }, more: object = {}) =>
  readFlow({
    firstFactors: [LOGIN, FIDO, CARD],
    secondFactors: [{ ...FIDO, factorId: 'k2', upon: ['p'] }],
    enrollActions: [passkey, card],
    enrollProtectionFactors: protections,
    progress,
    ...more,
  })
const { say, language } = wordingOf(['en'], undefined)
const screen = (place: Place, flow = flowOf(), now = {}) =>
  screenOf(place, { flow, say, language, now: { client: 'Shop', ...now } })

describe('enrolments', () => {
  it('are those whose protection a page can ask for', () => {
    const others = [
      { ...passkey, enrollId: 'a', protectionFactor: 'push' },
      { ...passkey, enrollId: 'b', protectionFactor: 'gone' },
      { ...passkey, enrollId: 'c', type: 'PKI' },
      { ...passkey, enrollId: 'd', protectionFactor: undefined },
    ]
    const flow = flowOf({ step: 'first' }, { enrollActions: [passkey, ...others] })
    expect(flow.enrolments.map(({ id, protection }) => [id, protection?.id])).toEqual([
      ['e', 'x'],
      ['d', undefined],
    ])
  })

  it.each([
    ['enrol:e', 'enrol:e'],
    ['enrol:gone', 'name'],
    ['enrol:__proto__', 'name'],
    ['enrol:', 'name'],
  ])('%j in an address leads to %s', (text, place) => {
    expect(placeText(readPlace(text, flowOf()))).toBe(place)
  })

  it('are closed once the login has moved on', () => {
    expect(readPlace('enrol:e', flowOf({ step: 'consent' }))).toEqual({ at: 'consent' })
  })

  it('begin with what protects them, and go on when that is proved, until the server wants it anew', () => {
    const place = { at: 'enrol', enrolment: 'e' } as const
    const first = screen(place)
    expect([first.form?.action, first.form?.values.authType]).toEqual(['enroll/code', 'AT_EMPPWD'])
    expect(first.form?.fields.map(({ autocomplete }) => autocomplete)).toEqual(['username', 'current-password'])
    const proved = flowOf({ step: 'first', protection: 'x' })
    expect(screen(place, proved).form?.action).toBe('enrol passkey')
    expect(screen({ at: 'enrol', enrolment: 'f' }, proved).form?.action).toBe('enrol card')
    expect(screen(place, proved, { unprotected: true }).form?.action).toBe('enroll/code')
    const signedIn = flowOf({ step: 'second', first: 'p', username: 'alice' })
    expect(screen(place, signedIn).form?.action).toBe('enrol passkey')
  })

  it('stand where somebody chooses, also where nothing else is left; without protection only in the second step', () => {
    const places = (place: Place, flow = flowOf()) => screen(place, flow).ways.map(way => placeText(way.place))
    expect(places({ at: 'name' })).toEqual(['prove:k', 'enrol:e', 'enrol:f'])
    expect(places({ at: 'choose' })).toEqual(['enrol:e', 'enrol:f'])
    const none = flowOf({ step: 'first', username: 'bob' }, { firstFactors: [] })
    expect(placeText(firstPlace(none))).toBe('nothing')
    expect(places({ at: 'nothing' }, none)).toEqual(['enrol:e', 'enrol:f'])
    expect(screen({ at: 'nothing' }, none).lead).toBe(en['nothing.enrol'])
    const free = { enrollActions: [{ ...passkey, protectionFactor: undefined }] }
    expect(places({ at: 'choose' }, flowOf({ step: 'first' }, free))).toEqual([])
    expect(places({ at: 'prove', factor: 'k2' }, flowOf({ step: 'second', first: 'p' }, free))).toEqual(['enrol:e'])
  })
})

describe('a key', () => {
  it('that tells whose it is needs no name, and stands beside the field for one', () => {
    const { form } = screen({ at: 'prove', factor: 'k' })
    expect([form?.action, form?.fields]).toEqual(['use passkey', []])
    expect(screen({ at: 'name' }).form?.fields[0]?.autocomplete).toBe('username webauthn')
    const plain = flowOf(
      { step: 'first' },
      { firstFactors: [LOGIN, { ...FIDO, discoverCredentialsInDevice: 'false' }] },
    )
    expect(screen({ at: 'prove', factor: 'k' }, plain).form?.fields.map(({ name }) => name)).toEqual(['username'])
    expect(screen({ at: 'name' }, plain).form?.fields[0]?.autocomplete).toBe('username')
  })

  it('that the browser cannot use says so in place of its form', () => {
    const { form, lacks } = screen({ at: 'prove', factor: 'k' }, flowOf(), { can: { passkeys: false, nfc: false } })
    expect([form, lacks]).toEqual([undefined, en['FIDO.unsupported']])
  })

  it.each([
    [{}, ['username'], ['CARD.read']],
    [{ reader: 'unpaired' }, ['username', 'pairing_code'], ['CARD.pair']],
    [{ can: { passkeys: true, nfc: true }, username: 'a' }, [], ['CARD.read', 'CARD.nfc']],
  ] as const)('on a reader %j asks for %j', (now, fields, buttons) => {
    const { form } = screen({ at: 'prove', factor: 'c' }, flowOf(), now)
    expect(form?.fields.map(({ name }) => name)).toEqual(fields)
    expect(form?.buttons.map(({ label }) => label)).toEqual(buttons.map(key => en[key]))
  })

  it('that is waited for leaves nothing else to press', () => {
    const { form, waiting, ways } = screen({ at: 'prove', factor: 'c' }, flowOf(), { reader: 'waiting' })
    expect([form, waiting?.hint, ways]).toEqual([undefined, en['CARD.hold'], []])
  })
})

describe('refusals', () => {
  const at = (enrolment: string, reason?: string) =>
    noticeOf({ error: 'not_allowed', reason }, { at: 'enrol', enrolment }, flowOf(), say, language)?.text

  it.each([
    ['aaguid_not_allowed', 'refused.model'],
    ['status_REVOKED', 'refused.model'],
    ['attestation_missing', 'refused.attestation'],
    ['attestation_self', 'refused.attestation'],
    ['chain_untrusted', 'refused.attestation'],
    ['no_anchor', 'refused.attestation'],
    ['no_pending_device', 'refused.device'],
    ['known_passkey', 'refused.known'],
    ['too_many_passkeys', 'refused.many'],
    ['user_not_verified', 'refused.verification'],
    ['protection_needed', 'refused.protection'],
    ['signature_invalid', 'refused.passkey'],
    ['constructor', 'refused.passkey'],
    [undefined, 'refused.passkey'],
  ] as const)('%s is said as %s', (reason, key) => {
    expect(at('e', reason)).toBe(en[key])
  })

  it('of a card are said of a card, and tries that are up of this sign-in', () => {
    expect(at('f', 'refused')).toBe(en['refused.card'])
    expect(at('f', 'known_card')).toBe(en['refused.known_card'])
    const over = noticeOf({ error: 'access_denied' }, { at: 'enrol', enrolment: 'e' }, flowOf(), say, language)
    expect(over?.text).toBe(en['refused.tries'])
  })

  it('of the protection say what was wrong', () => {
    const told = { error: 'invalid_grant', retriesLeft: 2 }
    const notice = noticeOf(told, { at: 'enrol', enrolment: 'e' }, flowOf(), say, language)
    expect(notice?.text).toBe(`${en['LOGIN.error']} Tries left: 2.`)
  })
})
