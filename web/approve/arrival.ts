/** What comes in from outside, by camera, image, link or hand, and where it leads: to an enrolment or to a request. */
import type { ScanVia } from '@countersign/protocol/approve/request.ts'
import { isOtpauth, readInvitation } from '@countersign/sdk/invitation.ts'
import type { Desk } from './desk.ts'
import { type Invited, invitedOffline, invitedOnline } from './enrol/invited.ts'
import { goInstead } from './navigation.ts'
import { readScanned } from './scan/scanned-text.ts'

/** False when the text is nothing of ours; the screen says so. */
export function arrive(desk: Desk, text: string, via: ScanVia): boolean {
  const scanned = readScanned(text)
  if (scanned.kind === 'unknown') return false
  if (scanned.kind === 'invitation') {
    const invited = read(desk, scanned.text)
    if (!invited) return false
    invite(desk, invited)
  } else beginScanned(desk, scanned.jwt, via)
  return true
}

export function invite(desk: Desk, invited: Invited): void {
  desk.state.change(old => ({ ...old, invited }))
  goInstead({ page: 'invitation' })
}

function beginScanned(desk: Desk, text: string, via: ScanVia): void {
  const [only, ...others] = desk.app.containersFor(text)
  const chosen = only && others.length === 0 ? { container: only.id } : {}
  desk.state.change(old => ({ ...old, scanned: { text, via, ...chosen } }))
  goInstead({ page: 'scanned' })
}

function read(desk: Desk, text: string): Invited | undefined {
  try {
    return isOtpauth(text) ? invitedOffline(text) : invitedOnline(desk, readInvitation(text))
  } catch {
    return undefined
  }
}
