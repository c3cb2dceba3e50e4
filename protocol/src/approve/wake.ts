/**
 * What a push carries (approve protocol, section 7): at most 2 kB, and nothing of text, name, tenant or number outside the JWE.
 * `w` is random, for the app to see a notice twice as one.
 */
import { type Static, Type } from 'typebox'
import { base64url, compact } from './text.ts'

export const LONGEST_WAKE = 2048
export const wakeMessage = Type.Object({ v: Type.Literal(1), w: base64url(22), j: compact(2000) })
export type WakeMessage = Static<typeof wakeMessage>

/** Inside the JWE. */
export const wakeContent = Type.Union([
  Type.Object({ k: Type.Literal('request'), id: Type.String() }),
  Type.Object({ k: Type.Literal('notice') }),
])
export type WakeContent = Static<typeof wakeContent>
