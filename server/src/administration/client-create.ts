/**
 * Writes a new client and its user in one unit. A client that a client registers is trusted as far as that one where it says
 * nothing: signing without asking, signatures that devices start; but never more than it says itself about numbers to type.
 */
import { type Administrator, isStale } from '#administration/change.ts'
import type { ClientsNeeds, StoredClient } from '#administration/client-needs.ts'
import type { ClientDocument } from '#domain/client.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { UserId } from '#domain/ids.ts'
import { first, together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { User } from '#domain/user.ts'

export interface ClientToAdd {
  readonly user: UserId
  readonly clientId: string
  readonly secretProof: Uint8Array | null
  readonly document: ClientDocument
  readonly role?: string
}

const GROUP = 'UG_CLIENTID'
const NOBODY = ''

export function* addClient(
  { users, clients, proofs, recorder, clock, count }: ClientsNeeds,
  tenant: Tenant,
  { user: id, clientId, secretProof, document: wanted, role }: ClientToAdd,
  by: Administrator,
): Unit<StoredClient | Refusal | typeof STALE> {
  const parentId = by.actor.kind === 'client' ? by.actor.id : NOBODY
  const [versions, [parent]] = yield* together(
    proofs.tenantVersion(tenant.number),
    clients.registration(tenant.number, parentId),
  )
  if (isStale(tenant, versions)) return STALE
  if (role !== undefined && !tenant.configuration.findRole(role)) return new Refusal('unknown_role')
  if (!(yield* first(users.claimName(tenant.number, clientId, id)))) return new Refusal('uniqueness')
  const now = clock.now()
  const user: User = {
    id,
    externalId: clientId,
    userName: clientId,
    group: GROUP,
    active: true,
    familyName: null,
    givenName: null,
    title: wanted.name,
    createdAt_ms: now,
    version: 1,
  }
  const document = parent ? inheriting(wanted, JSON.parse(parent.document) as ClientDocument) : wanted
  const event = recorder.record(tenant.number, {
    action: 'addClient',
    result: 'SUCCESS',
    actor: by.actor,
    user: id,
    parameters: { COI: by.correlation, ...(role === undefined ? {} : { ROC: role }), TEXT1: marksOf(document) },
  })
  yield [
    ...users.addUser(tenant.number, user),
    ...(role === undefined ? [] : [users.addRole(tenant.number, id, role)]),
    count(tenant.number, 'user', 1),
    clients.addClient(tenant.number, {
      clientId,
      user: id,
      secretKind: secretProof ? 'machine' : 'none',
      secretProof,
      document: JSON.stringify(document),
      createdAt: now,
    }),
    users.noteClientChange(tenant.number, id),
    ...event.queries,
  ]
  return { clientId, document, createdAt_ms: now }
}

/** Where it says nothing it is trusted as the client that registered it. */
export function inheriting(document: ClientDocument, parent: ClientDocument): ClientDocument {
  return {
    ...document,
    userlessSilent: document.userlessSilent ?? parent.userlessSilent ?? false,
    dcs: document.dcs ?? parent.dcs ?? false,
    dcsFreeText: document.dcsFreeText ?? parent.dcsFreeText ?? false,
  }
}

/** How it proves itself, and every switch that is on: an audit must show who may have less asked of a user (rule C8). */
export function marksOf(document: ClientDocument): string {
  const {
    authMethod = 'client_secret_basic',
    callbackPlain,
    userlessSilent,
    dcs,
    dcsFreeText,
    numberMatching,
  } = document
  const switches = { callbackPlain, userlessSilent, dcs, dcsFreeText, numberMatching }
  const on = Object.entries(switches).flatMap(([name, value]) => (value ? [name] : []))
  return [authMethod, ...on].join(' ')
}
