/**
 * The signature of a transaction: an OCRA code over its values (RFC 6287 section 7.3.1).
 *
 * Without a counter the same values give the same code, at any time or within one time step. `once` names what was
 * signed (question, and step where there is one): the corridor keeps it and refuses it a second time.
 */
import { signingQuestion } from '@countersign/protocol/oath/signing-question.ts'
import { type Outcome, rejected, type Situation } from '#factors/factor.ts'
import { checkOcraAnswer } from '#factors/oath/ocra-answer.ts'
import { type OathSettings, type OathState, suiteOf } from '#factors/oath/settings.ts'

export function verifySignature(
  situation: Situation<OathSettings, OathState>,
  code: string,
  values: readonly string[],
): Outcome<OathState> {
  const { joiner } = situation.settings
  const question = signingQuestion(values, { joiner, longest: suiteOf(situation.settings).question.length })
  if (question === undefined) return rejected('malformed')
  const answer = checkOcraAnswer(situation, question, code)
  if (typeof answer === 'string') return rejected(answer)

  const accepted = { outcome: 'accepted', state: answer.state, amr: ['otp'] } as const
  if (answer.counter !== undefined) return accepted
  return { ...accepted, once: `${answer.step ?? ''}:${question}` }
}
