/**
 * The OATH factor: one-time codes, answers to challenges and signatures of transactions (RFC 4226, 6238, 6287).
 *
 * ActivID algorithms (device types ending in AT, AI, AE) are proprietary and unpublished: there is no such setting.
 */
import { Type } from 'typebox'
import { defineFactor, rejected } from '#factors/factor.ts'
import { supports } from '#factors/oath/mode.ts'
import { verifyOneTime } from '#factors/oath/one-time.ts'
import { verifyResponse } from '#factors/oath/response.ts'
import { oathSettings, oathState } from '#factors/oath/settings.ts'
import { verifySignature } from '#factors/oath/signature.ts'

const code = Type.String({ maxLength: 128 })
const challenge = Type.Object({
  question: Type.String({ maxLength: 64 }),
  expires_at_seconds: Type.Optional(Type.Number()),
})
const values = Type.Array(Type.String({ maxLength: 64 }), { maxItems: 10 })

const proof = Type.Union([
  Type.Object({ mode: Type.Literal('SYNCHRONOUS'), code }),
  Type.Object({ mode: Type.Literal('ASYNCHRONOUS'), code, challenge: Type.Optional(challenge) }),
  Type.Object({ mode: Type.Literal('SIGNING'), code, values }),
])

export const oath = defineFactor({
  kind: 'oath',
  settings: oathSettings,
  state: oathState,
  proof,

  verify(situation, given) {
    if (!supports(situation.settings, given.mode)) return rejected('mode')
    if (given.mode === 'SYNCHRONOUS') return verifyOneTime(situation, given.code)
    if (given.mode === 'ASYNCHRONOUS') return verifyResponse(situation, given.code, given.challenge)
    return verifySignature(situation, given.code, given.values)
  },
})
