/**
 * What a QR code, a link or a pasted text holds (approve protocol, sections 2, 7 and 9): an invitation, a request, or nothing of
 * ours. Links carry theirs after `#`, which no server sees; the address before it does not matter.
 */
import { LONGEST_INVITE, readInvite } from '@countersign/protocol/approve/invite.ts'

export type Scanned =
  | { readonly kind: 'invitation'; readonly text: string }
  | { readonly kind: 'request'; readonly jwt: string }
  | { readonly kind: 'unknown' }

const compactJws = /^[A-Za-z0-9_-]{2,2048}\.[A-Za-z0-9_-]{2,4096}\.[A-Za-z0-9_-]{2,1024}$/
const UNKNOWN: Scanned = { kind: 'unknown' }

export function readScanned(written: string): Scanned {
  const text = written.trim()
  if (text.length > 2 * LONGEST_INVITE) return UNKNOWN
  if (compactJws.test(text)) return { kind: 'request', jwt: text }
  if (text.startsWith('otpauth://totp/')) return { kind: 'invitation', text }
  if (readInvite(text)) return { kind: 'invitation', text }
  const link = /^[^\s#]{0,2048}#(invite|scan)=([A-Za-z0-9_.=-]+)$/.exec(text)
  if (link?.[1] === 'scan')
    return compactJws.test(link[2] ?? '') ? { kind: 'request', jwt: link[2] as string } : UNKNOWN
  const invitation = link && decoded(link[2] as string)
  return invitation && (readInvite(invitation) || invitation.startsWith('otpauth://totp/'))
    ? { kind: 'invitation', text: invitation }
    : UNKNOWN
}

function decoded(base64url: string): string | undefined {
  try {
    const bytes = atob(base64url.replaceAll('-', '+').replaceAll('_', '/').replace(/=+$/, ''))
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes, one => one.charCodeAt(0)))
  } catch {
    return undefined
  }
}
