/**
 * Enrolment offline (approve protocol, section 9): an `otpauth` URI in the key URI format, which other apps read too, becomes a container
 * that shows one-time codes and never calls anybody.
 */
import type { CodeKey } from '@countersign/protocol/approve/codes.ts'
import { type Bytes, bytesOf, randomBytes, toBase64url } from './bytes.ts'
import { keepCodes } from './code-keys.ts'
import { SdkError } from './sdk-error.ts'
import type { Around } from './surroundings.ts'
import type { Entry } from './vault/vault.ts'

const LONGEST_URI = 2048

export interface OfflineInvitation {
  readonly user: string
  readonly serviceName: string
  readonly code: CodeKey
}

export function readOtpauth(text: string): OfflineInvitation {
  const written = text.trim()
  const match = /^otpauth:\/\/totp\/([^?#]{1,512})\?([^#]*)$/i.exec(written)
  if (!match || written.length > LONGEST_URI) throw new SdkError('invalid_invitation')
  const [, label = '', query = ''] = match
  const given = new URLSearchParams(query)
  const secret = base32(given.get('secret') ?? '')
  const hash = (given.get('algorithm') ?? 'SHA1').toUpperCase()
  const digits = whole(given.get('digits') ?? '6', 6, 10)
  const step_seconds = whole(given.get('period') ?? '30', 1, 172_800)
  if (hash !== 'SHA1' && hash !== 'SHA256' && hash !== 'SHA512')
    throw new SdkError('invalid_invitation', `The invitation asks for ${hash}, which this app does not compute.`)
  const [before, ...after] = unescaped(label).split(':')
  const user = (after.length > 0 ? after.join(':') : (before ?? '')).trim()
  const serviceName = given.get('issuer') ?? (after.length > 0 ? (before ?? '') : '')
  const code = { use: 'otp', credential: 'otp', algorithm: 'TOTP', hash, digits, step_seconds, secret } as const
  return { user, serviceName: serviceName.trim(), code }
}

export async function activateOffline({ vault, now_ms }: Around, uri: string, name: string): Promise<Entry> {
  const { user, serviceName, code } = readOtpauth(uri)
  const entry: Entry = {
    id: toBase64url(randomBytes(12)),
    kind: 'offline',
    name,
    serviceName,
    user,
    created_at: Math.floor(now_ms() / 1000),
    codes: await keepCodes(vault, [code], undefined),
    history: [],
  }
  await vault.change(entry.id, () => entry)
  return entry
}

function whole(text: string, least: number, most: number): number {
  const number = /^[0-9]{1,6}$/.test(text) ? Number(text) : Number.NaN
  if (number >= least && number <= most) return number
  throw new SdkError('invalid_invitation', 'The invitation holds a number that cannot be used.')
}

function unescaped(label: string): string {
  try {
    return decodeURIComponent(label)
  } catch {
    throw new SdkError('invalid_invitation')
  }
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** RFC 4648 section 6, 10 to 96 bytes, as `b64u`. */
function base32(text: string): string {
  const letters = text.toUpperCase().replace(/[\s=-]/g, '')
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const letter of letters) {
    const value = ALPHABET.indexOf(letter)
    if (value < 0) throw new SdkError('invalid_invitation', 'The secret of the invitation cannot be read.')
    held = (held << 5) | value
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((held >> bits) & 255)
    held &= (1 << bits) - 1
  }
  const secret: Bytes = bytesOf(Uint8Array.from(bytes))
  if (secret.length < 10 || secret.length > 96)
    throw new SdkError('invalid_invitation', 'The secret of the invitation is too short or too long.')
  return toBase64url(secret)
}
