/**
 * Makes what the outbox sends, once for each row: wake messages for devices, results and pings for clients, news of registrations.
 * Here the second and the fourth moment of an approval are asked (security.md C1). The bytes are kept sealed in the unit that lets
 * them out, so that every retry sends the same and nothing is minted twice (C14).
 */
import { randomBytes } from 'node:crypto'
import type { WakeContent, WakeMessage } from '@countersign/protocol/approve/wake.ts'
import { letOut, makeResult } from '#authentication/approval-collect.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { bodyOf, issueObstacle, obstacleNow } from '#authentication/approval-view.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import { registrationBody } from '#authentication/registration-result.ts'
import { decide } from '#domain/deciding-unit.ts'
import type { CallbackParcel, Parcel } from '#domain/parcel.ts'
import type { ApprovalStanding } from '#domain/ports/approval-queries.ts'
import type { OutboxKind, OutboxRow } from '#domain/ports/outbox-queries.ts'
import { first } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

type Prepare = (row: OutboxRow) => Promise<Parcel | undefined>

export interface ParcelNeeds extends ApprovalNeeds {
  /** The public origin, for issuers. */
  origin(): string
  readonly riskHook: { readonly url: string; readonly token: { reveal(): string } } | undefined
}

export function parcelMakers(needs: ParcelNeeds): ReadonlyMap<OutboxKind, Prepare> {
  const within =
    (make: (tenant: Tenant, row: OutboxRow) => Promise<Parcel | undefined>): Prepare =>
    async row => {
      const tenant = await needs.loadTenant(row.tenant)
      return tenant && make(tenant, row)
    }
  return new Map<OutboxKind, Prepare>([
    ['wake', within((tenant, row) => wake(needs, tenant, row))],
    ['ping', within((tenant, row) => ping(needs, tenant, row))],
    ['result', within((tenant, row) => result(needs, tenant, row))],
    ['risk', within((tenant, row) => risk(needs, tenant, row))],
    ['registration', within((tenant, row) => registration(needs, tenant, row))],
  ])
}

async function wake(needs: ParcelNeeds, tenant: Tenant, row: OutboxRow): Promise<Parcel | undefined> {
  const { store, apps, secrets, publicKeys } = needs
  const device = Number(row.destination.split(':')[1])
  if (row.subject !== 0) {
    const found = await standingOf(needs, tenant, row.subject)
    if (found?.standing.state !== 'OPEN' || obstacleNow(needs, found.tenant, found.standing)) return undefined
  }
  const app = await store.read(tenant.number, () => first(apps.waking(tenant.number, device)))
  if (!app?.wake || app.deviceStatus !== 'ACTIVE') return undefined
  const place = { table: 'app', column: 'wake', row: String(device) }
  const how = JSON.parse(Buffer.from(tenant.sealer.unseal(place, app.wake)).toString('utf8')) as {
    readonly endpoint: string
    readonly p256dh: string
    readonly auth: string
  }
  const content: WakeContent = row.subject === 0 ? { k: 'notice' } : { k: 'request', id: String(row.subject) }
  const message: WakeMessage = {
    v: 1,
    w: randomBytes(16).toString('base64url'),
    j: await secrets.sealTo(publicKeys.transport(tenant, app).sealing, JSON.stringify(content)),
  }
  const ttl_seconds = Math.max(0, Math.floor((row.notAfter - needs.clock.now()) / 1000))
  const { endpoint, p256dh, auth } = how
  const parcel: Parcel = { kind: 'web-push', endpoint, p256dh, auth, message: JSON.stringify(message), ttl_seconds }
  return kept(needs, tenant, row, parcel)
}

/** CIBA Core section 10.2: only that there is something to fetch. */
async function ping(needs: ParcelNeeds, tenant: Tenant, row: OutboxRow): Promise<Parcel | undefined> {
  const found = await addressed(needs, tenant, row.subject)
  if (!found || issueObstacle(needs, found.tenant, found.standing) !== undefined) return undefined
  return kept(needs, tenant, row, callback(found, { auth_req_id: found.requestId }))
}

/** CIBA Core section 10.3 and the reference's callback. */
async function result(needs: ParcelNeeds, tenant: Tenant, row: OutboxRow): Promise<Parcel | undefined> {
  const found = await addressed(needs, tenant, row.subject)
  if (!found || found.standing.collectedAt !== null) return undefined
  const made = await makeResult(needs, tenant, found.standing, found.client, found.requestId)
  const told = made === 'denied' ? { auth_req_id: found.requestId, error: 'access_denied' } : made.answer
  const parcel = callback(found, told)
  const keep = needs.outbox.keepBody(tenant.number, row.id, row.attempt, sealed(tenant, row, parcel))
  const out = await decide<object | Refusal>(
    needs,
    tenant,
    current => letOut(needs, current, row.subject, made, [keep]),
    current => needs.book.load(current, found.standing.client),
  )
  // A "no" was kept in the same unit; whoever may not hear of it, or was told already, gets nothing.
  if (out instanceof Refusal) return out.reason === 'denied' ? parcel : undefined
  return parcel
}

async function registration(needs: ParcelNeeds, tenant: Tenant, row: OutboxRow): Promise<Parcel | undefined> {
  const { store, provisions, book } = needs
  const found = await store.read(tenant.number, () => first(provisions.registration(tenant.number, row.subject)))
  const client = found?.client ? await book.load(tenant, found.client) : null
  if (!found?.callbackUrl || !client || client.obstacle !== undefined) return undefined
  const issuer = `${needs.origin()}/${tenant.name}/authn`
  const body = await registrationBody(needs, tenant, found, client, issuer)
  const parcel: CallbackParcel = {
    kind: 'callback',
    url: found.callbackUrl,
    bearer: notifyTokenOf(tenant, found.id, found.notifyToken),
    body: JSON.stringify(body),
    registered: true,
  }
  return kept(needs, tenant, row, parcel)
}

/** The values of RMSInfo with whom and what they are about. */
async function risk(needs: ParcelNeeds, tenant: Tenant, row: OutboxRow): Promise<Parcel | undefined> {
  const found = needs.riskHook && (await standingOf(needs, tenant, row.subject))
  if (!needs.riskHook || !found) return undefined
  const { standing } = found
  const told = {
    tenant: tenant.name,
    request: String(standing.approval),
    client: standing.client,
    usercode: standing.userExternalId,
    policy: standing.policy,
    channel: standing.channel,
    ...bodyOf(tenant, standing).risk,
  }
  const { url, token } = needs.riskHook
  const parcel: Parcel = { kind: 'callback', url, bearer: token.reveal(), body: JSON.stringify(told), registered: true }
  return kept(needs, tenant, row, parcel)
}

interface Addressed {
  /** As it is now, not as it was two seconds ago. */
  readonly tenant: Tenant
  readonly standing: ApprovalStanding
  readonly client: KnownClient
  readonly requestId: string
  readonly url: string
  readonly bearer: string
}

async function addressed(needs: ParcelNeeds, known: Tenant, id: number): Promise<Addressed | undefined> {
  const { store, approvals, book } = needs
  const found = await standingOf(needs, known, id)
  if (found?.standing.state !== 'ANSWERED') return undefined
  const { tenant, standing } = found
  const client = await book.load(tenant, standing.client)
  const body = bodyOf(tenant, standing)
  if (!client || body.notifyToken === undefined || body.requestId === undefined) return undefined
  const attribute = await store.read(tenant.number, () =>
    first(approvals.callbackAttribute(tenant.number, client.user)),
  )
  const url = body.callbackUrl ?? client.document.notificationEndpoint ?? attribute?.value
  if (url === undefined) return undefined
  return { tenant, standing, client, requestId: body.requestId, url, bearer: body.notifyToken }
}

function callback({ url, bearer }: Addressed, body: object): CallbackParcel {
  return { kind: 'callback', url, bearer, body: JSON.stringify(body), registered: true }
}

async function standingOf(
  needs: ParcelNeeds,
  known: Tenant,
  id: number,
): Promise<Pick<Addressed, 'tenant' | 'standing'> | undefined> {
  const { store, approvals, book } = needs
  const standing = await store.read(known.number, () => first(approvals.standing(known.number, id, 0)))
  if (!standing) return undefined
  const tenant = standing.version > known.version ? await needs.reload(known) : known
  await book.load(tenant, standing.client)
  return { tenant, standing }
}

/** Somebody else made it meanwhile, or the lease is over: then nothing is sent by this attempt. */
async function kept(needs: ParcelNeeds, tenant: Tenant, row: OutboxRow, parcel: Parcel): Promise<Parcel | undefined> {
  const query = needs.outbox.keepBody(tenant.number, row.id, row.attempt, sealed(tenant, row, parcel))
  const done = await needs.store.write(tenant.number, () => first(query))
  return done === undefined ? undefined : parcel
}

const sealed = (tenant: Tenant, row: OutboxRow, parcel: Parcel) =>
  tenant.sealer.seal({ table: 'outbox', column: 'body', row: String(row.id) }, Buffer.from(JSON.stringify(parcel)))

export function notifyTokenOf(tenant: Tenant, provision: number, token: Uint8Array | null): string {
  if (token === null) throw new Fault('a registration to be told has no token')
  const place = { table: 'provision', column: 'notify_token', row: String(provision) }
  return Buffer.from(tenant.sealer.unseal(place, token)).toString('utf8')
}
