/**
 * A passkey as its credential keeps it: sealed like every key, though nothing of it is secret but who may use it where. Its counter and
 * whether it is backed up move with every use and stand in the state of the credential.
 */
import { createHash } from 'node:crypto'
import type { HeldPasskey } from '#domain/ports/passkey-queries.ts'
import type { PasskeyRecord } from '#domain/ports/passkeys.ts'
import type { Tenant } from '#domain/tenant.ts'

const placeOf = (credential: number) => ({ table: 'credential', column: 'secret', row: String(credential) })

export function openedRecord({ sealer }: Tenant, { credential, secret, next, drift }: HeldPasskey): PasskeyRecord {
  const kept = JSON.parse(Buffer.from(sealer.unseal(placeOf(credential), secret)).toString('utf8')) as PasskeyRecord
  return { ...kept, counter: next, backedUp: drift === 1 }
}

export function sealedRecord({ sealer }: Tenant, credential: number, record: PasskeyRecord): Uint8Array {
  return sealer.seal(placeOf(credential), Buffer.from(JSON.stringify(record)))
}

/** The external id of its credential: short whatever the authenticator made, and nothing to sign in with. */
export const keyName = (credentialId: string): string =>
  createHash('sha256').update(Buffer.from(credentialId, 'base64url')).digest('hex')

export const handleText = (handle: Uint8Array): string => Buffer.from(handle).toString('base64url')
