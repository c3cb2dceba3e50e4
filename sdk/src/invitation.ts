/**
 * Invitations as an app gets them (approve protocol, sections 2 and 9): PROV_MSG from a QR code or a file, the three things a user
 * types, or an `otpauth` URI. Nothing is asked of anybody here.
 */
import { readInvite } from '@countersign/protocol/approve/invite.ts'
import { readService, type Service } from '@countersign/protocol/approve/service-root.ts'
import { SdkError } from './sdk-error.ts'

export interface Invitation {
  readonly method: 'qr' | 'typed'
  readonly uid: string
  readonly code: string
  readonly service: Service
  /** Empty by hand, as in the transcript. */
  readonly dir: string
  readonly did: string
  /** Device type; by hand the server takes the stock one. */
  readonly type?: string
  /** With a QR: thumbprint of the approve root, and the random bytes that only the QR has. */
  readonly root?: string
  readonly rnd?: string
}

export const isOtpauth = (text: string) => /^otpauth:\/\//i.test(text.trim())

/** From the text of a QR code or file. An invitation without our member `cs` is taken as if it were typed. */
export function readInvitation(text: string): Invitation {
  const invite = readInvite(text.trim())
  if (!invite) throw new SdkError('invalid_invitation')
  const code = decoded(invite.pss)
  if (!code) throw new SdkError('invalid_invitation', 'The invitation has no invite code.')
  if (!invite.cs) return typedInvitation({ uid: invite.uid, code, service: invite.url })
  if (!invite.cs.cap.includes('1'))
    throw new SdkError('invalid_invitation', 'The service needs a newer version of this app.')
  const { uid, dir, did, dty, cs } = invite
  return { method: 'qr', uid, code, service: serviceOf(invite.url), dir, did, type: dty, root: cs.root, rnd: cs.rnd }
}

export function typedInvitation(typed: { uid: string; code: string; service: string }): Invitation {
  const uid = typed.uid.trim()
  const code = typed.code.trim()
  if (uid === '' || uid.length > 256) throw new SdkError('invalid_invitation', 'Type the user id of the invitation.')
  if (code === '' || code.length > 64) throw new SdkError('invalid_invitation', 'Type the invite code.')
  return { method: 'typed', uid, code, service: serviceOf(typed.service), dir: '', did: '' }
}

function serviceOf(text: string): Service {
  const service = readService(text)
  if (!service)
    throw new SdkError('invalid_invitation', 'The service is written host/tenant, as in id.example.com/demo.')
  return service
}

/** base64 of UTF-8; empty when it is none. */
function decoded(pss: string): string {
  try {
    const bytes = Uint8Array.from(atob(pss), character => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return ''
  }
}
