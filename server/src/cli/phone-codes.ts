/** `phone otp`, `phone challenge` and `phone sign`: the codes that a phone shows without a network. */
import type { Code } from '@countersign/sdk/container.ts'
import type { Arguments, Report } from '#cli/command.ts'
import { oneAccount, type Phone, passwordIn } from '#cli/phone-home.ts'
import { Refusal } from '#domain/refusal.ts'

export const showOtp = async (phone: Phone, given: Arguments): Promise<Report> =>
  shown(await oneAccount(phone, given).otp(passwordIn(given)))

export async function showChallenge(phone: Phone, given: Arguments): Promise<Report> {
  const [question, further] = given.words
  if (question === undefined || further !== undefined)
    throw new Refusal('invalid_request', 'Say the digits that are shown: phone challenge DIGITS.')
  return shown(await oneAccount(phone, given).challenge(question, passwordIn(given)))
}

export async function showSignature(phone: Phone, given: Arguments): Promise<Report> {
  if (given.words.length === 0) throw new Refusal('invalid_request', 'Say what is signed: phone sign V1 V2 V3.')
  return shown(await oneAccount(phone, given).sign(given.words, passwordIn(given)))
}

const shown = ({ code, validFor_seconds }: Code): Report => ({
  lines: [code],
  data: { code, ...(validFor_seconds === undefined ? {} : { valid_for_seconds: validFor_seconds }) },
})
