/** O1: a one-time code is accepted once, whatever the clock does; windows, drift and look-ahead are what they say. */
import { createHmac } from 'node:crypto'
import { hotp } from '@countersign/protocol/oath/hotp.ts'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Situation } from '#factors/factor.ts'
import { verifyOneTime } from '#factors/oath/one-time.ts'
import { resynchronise } from '#factors/oath/resynchronise.ts'
import type { OathSettings, OathState } from '#factors/oath/settings.ts'

type Told = Situation<OathSettings, OathState>

const secret = Buffer.from('12345678901234567890')
const hmac: Told['hmac'] = (algorithm, key, data) => createHmac(algorithm, key).update(data).digest()
const hotpSettings: OathSettings = {
  algorithm: 'HOTP',
  use: 'otp',
  hash: 'SHA1',
  digits: 6,
  step_seconds: 0,
  window: 20,
  resync_window: 50,
  joiner: '',
}
const totpSettings: OathSettings = {
  ...hotpSettings,
  algorithm: 'TOTP',
  step_seconds: 30,
  window: 2,
  resync_window: 40,
}
const START = 1_800_000_000
const STEP = START / 30

const event = (next: number, more: Partial<Told> = {}): Told => ({
  settings: hotpSettings,
  state: { next, drift: 0 },
  secret,
  now_seconds: START,
  failures: 0,
  hmac,
  ...more,
})
const timed = (state: Partial<OathState> = {}, more: Partial<Told> = {}): Told =>
  event(0, { settings: totpSettings, state: { next: 0, drift: 0, ...state }, ...more })
const codeAt = (counter: number, { digits, hash } = hotpSettings) => hotp(hmac, secret, counter, digits, hash)
const wrong = { outcome: 'rejected', reason: 'wrong' }
const replayed = { outcome: 'rejected', reason: 'replayed' }
const malformed = { outcome: 'rejected', reason: 'malformed' }
const accepted = (next: number, drift = 0) => ({ outcome: 'accepted', state: { next, drift }, amr: ['otp'] })

describe('event-based codes', () => {
  it.each([0, 1, 7, 20])('takes the code %i ahead and moves past it', ahead => {
    expect(verifyOneTime(event(5), codeAt(5 + ahead))).toEqual(accepted(6 + ahead))
  })

  it('refuses what is beyond the window or behind', () => {
    expect(verifyOneTime(event(5), codeAt(26))).toEqual(wrong)
    expect(verifyOneTime(event(50), codeAt(5))).toEqual(wrong)
  })

  it.each([1, 2, 3])('O1: tells the audit that a code used %i ago is a replay', ago => {
    expect(verifyOneTime(event(10), codeAt(10 - ago))).toEqual(replayed)
  })

  it('O6: looks only 3 ahead after two failures', () => {
    expect(verifyOneTime(event(5, { failures: 1 }), codeAt(9))).toEqual(accepted(10))
    expect(verifyOneTime(event(5, { failures: 2 }), codeAt(8))).toEqual(accepted(9))
    expect(verifyOneTime(event(5, { failures: 2 }), codeAt(9))).toEqual(wrong)
  })

  it('O4: a refusal costs the same work, whichever it is', () => {
    const calls = (code: string) => {
      let count = 0
      const counting: Told['hmac'] = (...given) => {
        count += 1
        return hmac(...given)
      }
      expect(verifyOneTime(event(10, { hmac: counting }), code).outcome).toBe('rejected')
      return count
    }
    expect(calls(codeAt(9))).toBe(calls('000000'))
    expect(calls('000000')).toBe(24)
  })
})

describe('time-based codes', () => {
  it.each([-2, -1, 0, 1, 2])('takes the code %i steps away and follows by one step', away => {
    expect(verifyOneTime(timed(), codeAt(STEP + away))).toEqual(accepted(STEP + away + 1, Math.sign(away)))
  })

  it.each([-3, 3])('refuses the code %i steps away', away => {
    expect(verifyOneTime(timed(), codeAt(STEP + away))).toEqual(wrong)
  })

  it('corrects the clock by the drift that is kept', () => {
    expect(verifyOneTime(timed({ drift: 7 }), codeAt(STEP + 7))).toEqual(accepted(STEP + 8, 7))
    expect(verifyOneTime(timed({ drift: 7 }), codeAt(STEP))).toEqual(wrong)
  })

  it('keeps drift within the resynchronisation window', () => {
    expect(verifyOneTime(timed({ drift: 40 }), codeAt(STEP + 41))).toEqual(accepted(STEP + 42, 40))
    expect(verifyOneTime(timed({ drift: -40 }), codeAt(STEP - 41))).toEqual(accepted(STEP - 40, -40))
  })

  it('a slow typist with a right clock is never locked out of his next code', () => {
    const delays = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 1, maxLength: 50 })
    fc.assert(
      fc.property(delays, late => {
        let state: OathState = { next: 0, drift: 0 }
        late.forEach((steps, i) => {
          const now = STEP + i * 4
          const outcome = verifyOneTime(timed(state, { now_seconds: now * 30 }), codeAt(now - steps))
          expect(outcome.outcome).toBe('accepted')
          if (outcome.outcome === 'accepted') state = outcome.state
        })
      }),
    )
  })

  it.each(['SHA256', 'SHA512'] as const)('computes with %s and eight digits', hash => {
    const settings = { ...totpSettings, hash, digits: 8 }
    expect(verifyOneTime(timed({}, { settings }), codeAt(STEP, settings))).toEqual(accepted(STEP + 1))
    expect(verifyOneTime(timed({}, { settings }), codeAt(STEP, { ...settings, hash: 'SHA1' }))).toEqual(wrong)
  })

  it('has no steps before 1970', () => {
    expect(verifyOneTime(timed({}, { now_seconds: 0 }), codeAt(0))).toEqual(accepted(1))
  })
})

describe('any code', () => {
  it.each(['', '12345', '1234567', '12345a', ' 12345', '12 456', '-12345', '１２３４５６', '1e0000', '123456\n'])(
    '%j is malformed',
    code => {
      expect(verifyOneTime(timed(), code)).toEqual(malformed)
      expect(verifyOneTime(event(0), code)).toEqual(malformed)
    },
  )
})

interface Deed {
  /** Steps the server's clock moves, also backwards. */
  readonly moves: number
  readonly counter: number
  readonly resync: boolean
}

/** Plays deeds against one key and answers the counters that were accepted, in order. */
function play(settings: OathSettings, deeds: readonly Deed[], from: number): number[] {
  const used: number[] = []
  let state: OathState = { next: 0, drift: 0 }
  let now = from
  for (const deed of deeds) {
    now += deed.moves
    const told = timed(state, { settings, now_seconds: now * 30 })
    const pair = [codeAt(deed.counter, settings), codeAt(deed.counter + 1, settings)] as const
    const outcome = deed.resync ? resynchronise(told, pair) : verifyOneTime(told, pair[0])
    if (outcome.outcome !== 'accepted') continue
    expect(outcome.state.next).toBeGreaterThan(state.next)
    state = outcome.state
    used.push(...(deed.resync ? [deed.counter, deed.counter + 1] : [deed.counter]))
  }
  return used
}

describe('O1, O2: no code is accepted twice', () => {
  // Eight digits: codes of different counters that happen to be equal would only blur what is tested.
  const deeds = (from: number) =>
    fc.array(
      fc.record({
        moves: fc.integer({ min: -8, max: 8 }),
        counter: fc.integer({ min: Math.max(0, from - 20), max: from + 20 }),
        resync: fc.boolean(),
      }),
      { minLength: 2, maxLength: 25 },
    )

  it.each([
    ['time', { ...totpSettings, digits: 8 }, STEP],
    ['event', { ...hotpSettings, digits: 8 }, 20],
  ] as const)('O1, O2: %s, whatever the clock and however resynchronised', (_, settings, from) => {
    fc.assert(
      fc.property(deeds(from), list => {
        const used = play(settings, list, from)
        expect(new Set(used).size).toBe(used.length)
        expect(used).toEqual([...used].sort((one, other) => one - other))
      }),
    )
  })

  it('O2: replays every accepted code at every clock offset in the resynchronisation window', () => {
    const settings = { ...totpSettings, digits: 8 }
    for (let away = -2; away <= 2; away++) {
      const first = verifyOneTime(timed({}, { settings }), codeAt(STEP + away, settings))
      if (first.outcome !== 'accepted') throw new Error('the first use must pass')
      for (let offset = -settings.resync_window; offset <= settings.resync_window; offset++) {
        const told = timed(first.state, { settings, now_seconds: (STEP + offset) * 30 })
        expect(verifyOneTime(told, codeAt(STEP + away, settings)).outcome).toBe('rejected')
        for (const from of [STEP + away - 1, STEP + away]) {
          expect(resynchronise(told, [codeAt(from, settings), codeAt(from + 1, settings)])).toEqual(wrong)
        }
      }
    }
  })
})
