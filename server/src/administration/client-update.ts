/**
 * Replaces what a client registered, RFC 7592 section 2.2: what is left out is as if it had never been said. Its roles, its user and
 * its sessions stay. A secret goes when the client no longer proves itself by one, and is made when it now does.
 */
import { type Administrator, isStale } from '#administration/change.ts'
import { inheriting, marksOf } from '#administration/client-create.ts'
import type { ClientsNeeds, StoredClient } from '#administration/client-needs.ts'
import type { ClientDocument } from '#domain/client.ts'
import { STALE } from '#domain/deciding-unit.ts'
import { together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface ClientToUpdate {
  readonly clientId: string
  readonly document: ClientDocument
  /** Of the secret it gets if it needs one and has none. */
  readonly secretProof: Uint8Array
}

export const needsSecret = ({ authMethod = 'client_secret_basic' }: ClientDocument) =>
  authMethod.startsWith('client_secret')

const NOBODY = ''

export function* updateClient(
  { users, clients, proofs, recorder }: ClientsNeeds,
  tenant: Tenant,
  { clientId, document: wanted, secretProof }: ClientToUpdate,
  by: Administrator,
): Unit<(StoredClient & { readonly fresh: boolean }) | Refusal | typeof STALE> {
  const [versions, [row], [parent]] = yield* together(
    proofs.tenantVersion(tenant.number),
    clients.registration(tenant.number, clientId),
    clients.registration(tenant.number, by.actor.kind === 'client' ? by.actor.id : NOBODY),
  )
  if (isStale(tenant, versions)) return STALE
  if (!row) return new Refusal('not_found', 'There is no client with this id.')
  const had = needsSecret(JSON.parse(row.document) as ClientDocument)
  const document = parent ? inheriting(wanted, JSON.parse(parent.document) as ClientDocument) : wanted
  const has = needsSecret(document)
  const secret = has
    ? ({ secretKind: 'machine', secretProof } as const)
    : ({ secretKind: 'none', secretProof: null } as const)
  const event = recorder.record(tenant.number, {
    action: 'updateClient',
    result: 'SUCCESS',
    actor: by.actor,
    user: row.user,
    parameters: { COI: by.correlation, TEXT1: marksOf(document) },
  })
  yield [
    clients.rewriteClient(tenant.number, clientId, JSON.stringify(document)),
    ...(had === has ? [] : [clients.setSecret(tenant.number, clientId, secret)]),
    users.noteClientChange(tenant.number, row.user),
    ...event.queries,
  ]
  return { clientId, document, createdAt_ms: row.createdAt, fresh: has && !had }
}
