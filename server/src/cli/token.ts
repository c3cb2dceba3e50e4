/**
 * `countersign token`: a simulated hardware token. It computes what the device of a type would show: one-time codes,
 * responses to challenges, signatures of three values. Needs no server; an event counter is told by --counter or kept in
 * a file by --state; --drift makes its clock wrong by that many steps.
 */
import { createHmac } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import type { Hmac } from '@countersign/protocol/oath/hmac.ts'
import { hotp } from '@countersign/protocol/oath/hotp.ts'
import { ocra } from '@countersign/protocol/oath/ocra.ts'
import { signingQuestion } from '@countersign/protocol/oath/signing-question.ts'
import { parseSuite } from '@countersign/protocol/oath/suite.ts'
import { timeStep } from '@countersign/protocol/oath/totp.ts'
import type { Arguments, FreeCommand, Surroundings } from '#cli/command.ts'
import { type OathSettings, oathSettingsOf } from '#domain/credential-type.ts'
import { Refusal } from '#domain/refusal.ts'

const hashNames = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' } as const
const hmac: Hmac = (algorithm, key, data) => createHmac(hashNames[algorithm], key).update(data).digest()

export const token: FreeCommand = {
  runs: 'anywhere',
  words: 'token',
  summary: 'Shows what a hardware token would: otp, challenge DIGITS, or sign V1 V2 V3.',
  takes: ['otp|challenge|sign', 'VALUES…'],
  flags: [
    { name: 'seed', value: 'HEX', sentence: 'The secret of the token.', needed: true },
    { name: 'type', value: 'DEVICE_TYPE', sentence: 'As in DT_POCK_OT; says which algorithm it has.', needed: true },
    { name: 'counter', value: 'N', sentence: 'Event counter of the next code (0 when nothing is said).' },
    { name: 'state', value: 'FILE', sentence: 'Keeps the event counter in this file, one higher after each code.' },
    { name: 'drift', value: 'STEPS', sentence: 'How many time steps the clock of the token is off.' },
  ],

  async run(given, around) {
    const [what, ...values] = given.words
    const key = readSeed(given)
    const code = codeOf(what ?? '', values, key, given, around)
    return { lines: [code], data: { code } }
  },
}

function codeOf(
  what: string,
  values: readonly string[],
  key: Uint8Array,
  given: Arguments,
  around: Surroundings,
): string {
  const now_seconds = Math.floor(around.now_ms() / 1000)
  if (what === 'otp') {
    const settings = settingsFor('otp', given, around)
    if (settings.algorithm === 'HOTP') return hotp(hmac, key, nextCounter(given), settings.digits, settings.hash)
    const step = timeStep(now_seconds, settings.step_seconds) + wholeNumber(given.flags.drift, 'drift', 0)
    return hotp(hmac, key, step, settings.digits, settings.hash)
  }
  if (what === 'challenge' && values.length === 1) {
    return answered(settingsFor('challenge', given, around), key, values[0] as string, given, now_seconds)
  }
  if (what === 'sign' && values.length > 0) {
    const settings = settingsFor('signing', given, around)
    const question = signingQuestion(values, { joiner: settings.joiner, longest: suiteOf(settings).question.length })
    if (question === undefined)
      throw new Refusal(
        'invalid_value',
        'The token cannot take these values: too long, empty, or with the separator in them.',
      )
    return answered(settings, key, question, given, now_seconds)
  }
  throw new Refusal('invalid_request', 'Say otp, challenge DIGITS, or sign V1 V2 V3.')
}

function answered(
  settings: OathSettings,
  key: Uint8Array,
  question: string,
  given: Arguments,
  now_seconds: number,
): string {
  const suite = suiteOf(settings)
  return ocra(hmac, suite, key, {
    question,
    ...(suite.counter ? { counter: nextCounter(given) } : {}),
    ...(suite.step_seconds === undefined ? {} : { timeStep: timeStep(now_seconds, suite.step_seconds) }),
  })
}

function suiteOf({ suite: text = '' }: OathSettings) {
  const suite = parseSuite(text)
  if (!suite) throw new Refusal('invalid_value', 'The credential type has no readable OCRA suite.')
  return suite
}

/** Settings of the first credential type of the device type that serves this use. */
function settingsFor(use: OathSettings['use'], given: Arguments, { configuration }: Surroundings): OathSettings {
  const type = configuration.findDeviceType(String(given.flags.type))
  if (!type)
    throw new Refusal('invalid_value', `There is no device type ${String(given.flags.type)}. DT_POCK_OT is one.`)
  for (const code of [type.defaultCredentialType, ...type.allowedCredentialTypes]) {
    const settings = oathSettingsOf(configuration.findCredentialType(code))
    if (settings?.use === use) return settings
  }
  throw new Refusal('invalid_value', `A device of type ${type.code} does not do that.`)
}

function nextCounter(given: Arguments): number {
  const file = given.flags.state
  if (typeof file !== 'string') return wholeNumber(given.flags.counter, 'counter', 0)
  const counter = Math.max(wholeNumber(readState(file), 'state', 0), wholeNumber(given.flags.counter, 'counter', 0))
  writeFileSync(file, `${counter + 1}\n`, { mode: 0o600 })
  return counter
}

function readState(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}

function readSeed({ flags }: Arguments): Uint8Array {
  const text = String(flags.seed)
  if (!/^([0-9a-fA-F]{2}){8,64}$/.test(text))
    throw new Refusal('invalid_value', '--seed is 16 to 128 hexadecimal digits.')
  return Buffer.from(text, 'hex')
}

function wholeNumber(text: string | true | undefined, name: string, absent: number): number {
  if (text === undefined) return absent
  if (typeof text === 'string' && /^-?[0-9]{1,15}$/.test(text)) return Number(text)
  throw new Refusal('invalid_value', `--${name} is a whole number.`)
}
