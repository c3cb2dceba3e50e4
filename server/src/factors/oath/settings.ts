/**
 * How one OATH key computes and what is tolerated: from the credential type, overridden by what the imported token says.
 *
 * `use` is what the key serves, and it serves nothing else: a time token answers no challenge, a signing key opens no
 * session by a one-time code. For OCRA the suite says hash, digits and moving factor.
 */
import { parseSuite, type Suite } from '@countersign/protocol/oath/suite.ts'
import { type Static, Type } from 'typebox'
import { Fault } from '#domain/refusal.ts'

export const oathSettings = Type.Object(
  {
    algorithm: Type.Union([Type.Literal('HOTP'), Type.Literal('TOTP'), Type.Literal('OCRA')]),
    use: Type.Union([Type.Literal('otp'), Type.Literal('challenge'), Type.Literal('signing')]),
    hash: Type.Union([Type.Literal('SHA1'), Type.Literal('SHA256'), Type.Literal('SHA512')]),
    digits: Type.Integer({ minimum: 6, maximum: 10 }),
    /** Length of a time step; 0 where no clock takes part, for OCRA the suite's counts. */
    step_seconds: Type.Integer({ minimum: 0, maximum: 172_800 }),
    /** Counters tried beyond the expected one; for time, steps on each side. */
    window: Type.Integer({ minimum: 0, maximum: 20 }),
    /** The same for resynchronisation by two codes, and the most a clock may be off. */
    resync_window: Type.Integer({ minimum: 0, maximum: 1000 }),
    suite: Type.Optional(Type.String({ maxLength: 64 })),
    /** Stands between the values of a transaction; empty where nothing is signed. */
    joiner: Type.String({ pattern: '^[!-/:-@\\[-`{-~]?$' }),
    /** Digits of a challenge that we ask; 6, or what the suite takes, when nothing is said. */
    question_length: Type.Optional(Type.Integer({ minimum: 4, maximum: 10 })),
  },
  { additionalProperties: false },
)

export type OathSettings = Static<typeof oathSettings>

export const oathState = Type.Object({
  /** Smallest event counter or time step that was never used. */
  next: Type.Integer({ minimum: 0 }),
  /** The token's clock against ours, in whole steps. */
  drift: Type.Integer(),
})

export type OathState = Static<typeof oathState>

/** What is wrong with settings of the right shape, for whoever saves or imports them; undefined when they can be used. */
export function settingsFault(settings: OathSettings): string | undefined {
  return settings.algorithm === 'OCRA' ? faultOfOcra(settings) : faultOfOtp(settings)
}

/** The suite of OCRA settings that were read before. */
export function suiteOf(settings: OathSettings): Suite {
  const suite = settings.suite === undefined ? undefined : parseSuite(settings.suite)
  if (!suite) throw new Fault('an OCRA credential has no readable suite')
  return suite
}

function faultOfOtp(settings: OathSettings): string | undefined {
  if (settings.use !== 'otp') return `${settings.algorithm} makes one-time codes only`
  if (settings.suite !== undefined) return `${settings.algorithm} has no suite`
  if (settings.algorithm === 'TOTP' && settings.step_seconds === 0) return 'a time step must have a length'
  return undefined
}

function faultOfOcra(settings: OathSettings): string | undefined {
  if (settings.use === 'otp') return 'OCRA answers challenges or signs'
  const suite = settings.suite === undefined ? undefined : parseSuite(settings.suite)
  if (!suite) return 'the suite cannot be read'
  if (suite.digits !== 0 && suite.digits < 6) return 'a code of fewer than six digits is too easily guessed'
  if (suite.pinHash !== undefined) return 'the server keeps no PIN of a token, so a suite with P cannot be verified'
  if (suite.session_bytes !== undefined) return 'no session text is exchanged, so a suite with S cannot be verified'
  if (suite.counter && suite.step_seconds !== undefined) return 'a suite with both C and T cannot be searched'
  if (settings.use === 'challenge') return undefined
  if (suite.question.format !== 'A') return 'signing needs an alphanumeric question (QA)'
  if (settings.joiner === '') return 'signing needs a joiner'
  return undefined
}
