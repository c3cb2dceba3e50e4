/**
 * What the browser says that it was asked, by whom and for whom: CollectedClientData, Web Authentication Level 3 section 5.8.1, checked
 * by steps 7 to 13 of section 7.1 and 11 to 16 of 7.2. The library checks most of it again; of registrations it never looks at
 * `crossOrigin`, and a page inside a stranger's frame is refused by us in both ceremonies.
 */
import { Malformed } from '#keys/webauthn/malformed.ts'

export interface Ceremony {
  readonly type: 'webauthn.create' | 'webauthn.get'
  readonly challenge: string
  readonly origins: readonly string[]
}

export function checkClientData(bytes: Uint8Array, { type, challenge, origins }: Ceremony): void {
  const said = parse(bytes)
  if (said.type !== type) throw new Malformed(`type is not ${type}`, 'type_mismatch')
  if (said.challenge !== challenge) throw new Malformed('another challenge was answered', 'challenge_mismatch')
  if (typeof said.origin !== 'string' || !origins.includes(said.origin)) {
    throw new Malformed('made for a page of another origin', 'origin_mismatch')
  }
  if (said.crossOrigin === true || said.topOrigin !== undefined) {
    throw new Malformed('made inside a frame of another origin', 'cross_origin')
  }
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  try {
    const said: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (typeof said === 'object' && said !== null) return said as Record<string, unknown>
  } catch {
    // Said below, as of any other value.
  }
  throw new Malformed('clientDataJSON is no JSON object')
}
