/**
 * The codes a container shows: one-time codes (RFC 4226, RFC 6238), answers to challenges and signatures (RFC 6287), by the arithmetic
 * that the server uses. The clock is the server's; a code that counts events saves the next event before it is shown.
 */
import type { CodeKey } from '@countersign/protocol/approve/codes.ts'
import type { Hmac } from '@countersign/protocol/oath/hmac.ts'
import { hotp } from '@countersign/protocol/oath/hotp.ts'
import { ocra } from '@countersign/protocol/oath/ocra.ts'
import { signingQuestion } from '@countersign/protocol/oath/signing-question.ts'
import { parseSuite, type Suite } from '@countersign/protocol/oath/suite.ts'
import { timeStep } from '@countersign/protocol/oath/totp.ts'
import { hmac as nobleHmac } from '@noble/hashes/hmac.js'
import { sha1 } from '@noble/hashes/legacy.js'
import { sha256, sha512 } from '@noble/hashes/sha2.js'
import { type Bytes, fromBase64url } from './bytes.ts'
import type { Code, Unlocking } from './container.ts'
import { changeEntry, heldEntry, serverNow_seconds } from './registration.ts'
import { SdkError } from './sdk-error.ts'
import type { Around } from './surroundings.ts'
import { takeSecrets } from './vault/key-keeping.ts'
import { unlock } from './vault/password-lock.ts'
import type { CodeFacts } from './vault/vault.ts'

const hashes = { SHA1: sha1, SHA256: sha256, SHA512: sha512 } as const
export const hmac: Hmac = (algorithm, key, data) => nobleHmac(hashes[algorithm], key, data)

interface Taken {
  readonly facts: CodeFacts
  readonly secret: Bytes
  readonly now_seconds: number
}

export async function showOtp(around: Around, id: string, { password }: Unlocking): Promise<Code> {
  const { facts, secret, now_seconds } = await taken(around, id, 'otp', password)
  const { algorithm, digits, hash, step_seconds } = facts
  if (algorithm === 'TOTP' && step_seconds > 0) {
    const code = hotp(hmac, secret, timeStep(now_seconds, step_seconds), digits, hash)
    return { code, validFor_seconds: step_seconds - (now_seconds % step_seconds) }
  }
  return { code: hotp(hmac, secret, await nextEvent(around, id, facts), digits, hash) }
}

export async function showResponse(
  around: Around,
  id: string,
  question: string,
  { password }: Unlocking,
): Promise<Code> {
  const found = await taken(around, id, 'challenge', password)
  const suite = suiteOf(found.facts)
  const forms = { N: /^[0-9]+$/, H: /^[0-9a-f]+$/i, A: /^[\x20-\x7e]+$/ } as const
  const { format, length } = suite.question
  const fitting = question.length <= length
  if (!forms[format].test(question) || !fitting)
    throw new SdkError('invalid_value', `A challenge has up to ${length} ${wordFor[format]}.`)
  return answered(around, id, found, suite, question)
}

const wordFor = { N: 'digits', H: 'hexadecimal digits', A: 'characters' } as const

export async function showSignature(
  around: Around,
  id: string,
  values: readonly string[],
  { password }: Unlocking,
): Promise<Code> {
  const found = await taken(around, id, 'signing', password)
  const suite = suiteOf(found.facts)
  const { joiner } = found.facts
  const question = signingQuestion(values, { longest: suite.question.length, ...(joiner ? { joiner } : {}) })
  if (question === undefined)
    throw new SdkError('invalid_value', 'A value is empty, too long, or has the sign in it that stands between values.')
  return answered(around, id, found, suite, question)
}

async function answered(
  around: Around,
  id: string,
  { facts, secret, now_seconds }: Taken,
  suite: Suite,
  question: string,
): Promise<Code> {
  const { step_seconds } = suite
  const code = ocra(hmac, suite, secret, {
    question,
    ...(suite.counter ? { counter: await nextEvent(around, id, facts) } : {}),
    ...(step_seconds === undefined ? {} : { timeStep: timeStep(now_seconds, step_seconds) }),
  })
  return step_seconds === undefined ? { code } : { code, validFor_seconds: step_seconds - (now_seconds % step_seconds) }
}

async function taken(around: Around, id: string, use: CodeKey['use'], password?: string): Promise<Taken> {
  const { codes } = await heldEntry(around, id)
  const place = codes.list.findIndex(one => one.use === use)
  const facts = codes.list[place]
  if (!facts) throw new SdkError('not_possible', 'This registration does not show such codes.')
  const guard = await unlock(around.vault, id, password, around.now_ms())
  const entry = await heldEntry(around, id)
  const secret = (await takeSecrets(around.vault, entry.codes, guard))[place] ?? ''
  const now_seconds = serverNow_seconds(around, entry.registration ?? { offset_ms: 0 })
  return { facts, secret: fromBase64url(secret), now_seconds }
}

function suiteOf({ suite: text = '' }: CodeFacts): Suite {
  const suite = parseSuite(text)
  if (!suite || suite.pinHash !== undefined || suite.session_bytes !== undefined)
    throw new SdkError('not_possible', 'This app does not know how the service wants such codes computed.')
  return suite
}

async function nextEvent(around: Around, id: string, { credential }: CodeFacts): Promise<number> {
  const entry = await changeEntry(around, id, held => ({
    ...held,
    codes: { ...held.codes, events: { ...held.codes.events, [credential]: (held.codes.events[credential] ?? 0) + 1 } },
  }))
  return (entry.codes.events[credential] ?? 1) - 1
}
