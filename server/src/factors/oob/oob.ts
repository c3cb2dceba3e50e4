/**
 * Codes that we made and sent to a person by mail or SMS: decimal, used once, dead after a few wrong entries. NIST SP 800-63B
 * section 3.1.3 (codes of at least six digits, ten minutes at most). Pure: the caller brings the open code, of which one try was taken
 * before, and takes the code away when it was right.
 * Surprise: that a code is over is only told to somebody who knows it.
 */
import { Type } from 'typebox'
import type { Random } from '#domain/ports/random.ts'
import { sameText } from '#domain/same-text.ts'
import { defineFactor, rejected } from '#factors/factor.ts'

const RANDOM_BYTES = 16

const settings = Type.Object({
  use: Type.Union([Type.Literal('code'), Type.Literal('transaction')]),
  digits: Type.Integer({ minimum: 6, maximum: 10 }),
  /** Wrong entries that a code bears. */
  tries: Type.Integer({ minimum: 1, maximum: 10 }),
})

/** Of the open code. */
const state = Type.Object({
  id: Type.String(),
  expires_at_seconds: Type.Number(),
  correlation: Type.Optional(Type.String()),
})

const proof = Type.Object({
  code: Type.String(),
  transaction: Type.Optional(Type.Object({ id: Type.String(), correlation: Type.Optional(Type.String()) })),
})

export const oob = defineFactor({
  kind: 'oob',
  settings,
  state,
  proof,

  verify({ settings, state, secret, now_seconds }, { code, transaction }) {
    const matches = sameText(new TextDecoder().decode(secret), code)
    if (code.length !== settings.digits) return rejected('malformed')
    if (!matches) return rejected('wrong')
    if (now_seconds >= state.expires_at_seconds) return rejected('expired')
    if (settings.use === 'transaction') {
      // Compared only where it was named when the code went out.
      const sameRun = state.correlation === undefined || state.correlation === transaction?.correlation
      if (transaction?.id !== state.id || !sameRun) return rejected('no_challenge')
    }
    return { outcome: 'accepted', state, amr: ['otp'] }
  },
})

/** Each number of so many digits is as likely as any other, leading zeros included. */
export function makeCode(digits: number, chance: Random): string {
  let random = 0n
  for (const byte of chance.bytes(RANDOM_BYTES)) random = random * 256n + BigInt(byte)
  return String(random % 10n ** BigInt(digits)).padStart(digits, '0')
}
