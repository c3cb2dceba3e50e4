/**
 * PROV_MSG: the invitation to enrol, as JSON text in an answer and in a QR code (approve protocol, section 2). The members are the
 * reference's; `cs` is ours. Surprise: `pss` is the invite code in plain base64, which is what the reference has people type.
 */
import { type Static, Type } from 'typebox'
import Value from 'typebox/value'
import { base64url, thumbprint } from './text.ts'

const text = (maxLength: number) => Type.String({ maxLength })

export const invite = Type.Object({
  ver: text(8),
  url: text(512),
  uid: text(256),
  did: text(20),
  dty: text(32),
  dir: text(20),
  pch: Type.Optional(text(64)),
  pth: Type.Optional(text(64)),
  sec: Type.Optional(text(256)),
  /** base64 of the invite code. */
  pss: text(64),
  cs: Type.Optional(Type.Object({ root: thumbprint, cap: Type.Array(text(16), { maxItems: 16 }), rnd: base64url(64) })),
})
export type Invite = Static<typeof invite>

export const LONGEST_INVITE = 4096

/** Undefined when the text is no invitation that this version understands. */
export function readInvite(written: string): Invite | undefined {
  if (written.length > LONGEST_INVITE) return undefined
  let parsed: unknown
  try {
    parsed = JSON.parse(written)
  } catch {
    return undefined
  }
  return Value.Check(invite, parsed) && parsed.ver === 'v8' ? parsed : undefined
}
