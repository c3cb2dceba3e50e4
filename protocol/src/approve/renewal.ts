/** Renewal of a device's keys: what an app sends and what comes back (approve protocol, section 6). In the evidence, `nonce` is empty. */
import { Type } from 'typebox'
import { appKeys } from './public-key.ts'
import { compact, time } from './text.ts'

export const keysRequest = Type.Object({
  keys: appKeys,
  evidence: Type.Array(compact(4096), { minItems: 2, maxItems: 2 }),
})
export const keysAnswer = Type.Object({ policy: compact(16_384), codes: compact(16_384), server_time: time })
