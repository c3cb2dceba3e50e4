/**
 * The answer to a challenge that we asked before (RFC 6287 section 7.1).
 *
 * The challenge is the one stored for this very credential; who owns it, and that it is deleted with the first good
 * answer, is the corridor's part in the same unit of work. Its time ends at the stored second, not after it.
 */
import { type Outcome, rejected, type Situation } from '#factors/factor.ts'
import { checkOcraAnswer } from '#factors/oath/ocra-answer.ts'
import type { OathSettings, OathState } from '#factors/oath/settings.ts'

export interface OpenChallenge {
  readonly question: string
  /** Left out where the store has kept expired ones back already. */
  readonly expires_at_seconds?: number
}

export function verifyResponse(
  situation: Situation<OathSettings, OathState>,
  code: string,
  challenge: OpenChallenge | undefined,
): Outcome<OathState> {
  if (!challenge) return rejected('no_challenge')
  if (situation.now_seconds >= (challenge.expires_at_seconds ?? Infinity)) return rejected('expired')
  const answer = checkOcraAnswer(situation, challenge.question, code)
  if (typeof answer === 'string') return rejected(answer)
  return { outcome: 'accepted', state: answer.state, amr: ['otp'] }
}
