/**
 * Makes an invitation for an approve app: an invite code and the random bytes of a QR code, of which only derived keys are kept, sealed.
 * A newer invitation for the same device ends the older one. PROV_MSG is told once, with the answer.
 */
import type { Invite } from '@countersign/protocol/approve/invite.ts'
import { readService } from '@countersign/protocol/approve/service-root.ts'
import type { Administrator } from '#administration/change.ts'
import { DeviceEvents } from '#administration/device-events.ts'
import { holdDevice } from '#administration/device-update.ts'
import { refusalOfCallback } from '#administration/provision-callback.ts'
import type { ProvisionNeeds } from '#administration/provision-needs.ts'
import { loadProvisions, type ProvisionView } from '#administration/provision-view.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { Device } from '#domain/device.ts'
import type { DeviceId, ProvisionId } from '#domain/ids.ts'
import type { Unit } from '#domain/ports/store.ts'
import type { Provision } from '#domain/provision.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface OnlineInvitation {
  readonly device: DeviceId
  readonly deviceType: string
  /** `host[:port]/tenant` as it was written. */
  readonly service: string
  readonly channel: string
  readonly policy: string
  readonly callbackUrl: string | undefined
  readonly notifyToken: string | undefined
  /** As it was sent, without what is secret in it. */
  readonly description: string
}

export interface MadeInvitation {
  readonly view: ProvisionView
  readonly message: string
}

/** Made before the unit, because the key of the code takes long to derive. */
export interface InviteSecret {
  readonly code: string
  readonly key: Uint8Array
  readonly random: Uint8Array
  readonly root: string
  readonly uid: string
}

/** How an app registers, where an invitation says nothing else. */
export const REGISTRATION_CHANNEL = 'CH_TDSPROV'
export const REGISTRATION_POLICY = 'AT_TDSOOB'

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const CODE_LENGTH = 10

export async function makeInviteSecret(
  { secrets, random, signer }: Pick<ProvisionNeeds, 'secrets' | 'random' | 'signer'>,
  tenant: Tenant,
  uid: string,
): Promise<InviteSecret> {
  const code = Array.from(random.bytes(CODE_LENGTH), byte => LETTERS[byte % LETTERS.length]).join('')
  const key = await secrets.inviteKey(code, secrets.inviteSalt(tenant.number, uid))
  const { rootThumbprint } = await signer.identity(tenant.number)
  return { code, key, random: random.bytes(16), root: rootThumbprint, uid }
}

export function* createOnline(
  needs: ProvisionNeeds,
  tenant: Tenant,
  id: ProvisionId,
  wanted: OnlineInvitation,
  secret: InviteSecret,
  by: Administrator,
): Unit<MadeInvitation | Refusal | typeof STALE> {
  const { provisions, clock, count } = needs
  const held = yield* holdDevice(needs, tenant, { id: wanted.device }, {}, by)
  if (held === STALE || held instanceof Refusal) return held
  const refusal = refusalOfDevice(tenant, held.device, wanted)
  if (refusal) return refusal
  const client = by.actor.kind === 'client' ? by.actor.id : undefined
  if (wanted.callbackUrl !== undefined) {
    const forbidden = yield* refusalOfCallback(needs, tenant, client, wanted.callbackUrl)
    if (forbidden) return forbidden
  }
  const now = clock.now()
  const { inviteLife_seconds = 3600 } = tenant.configuration.findDeviceType(wanted.deviceType)?.push ?? {}
  const provision: Provision = {
    id,
    device: wanted.device,
    user: held.device.owner ?? 0,
    deviceType: wanted.deviceType,
    client: client ?? null,
    status: 'UNPROCESSED',
    description: wanted.description,
    service: wanted.service,
    channel: wanted.channel,
    policy: wanted.policy,
    createdAt_ms: now,
    expiresAt_ms: now + inviteLife_seconds * 1000,
    processedAt_ms: null,
    version: 1,
  }
  const seal = (column: string, bytes: Uint8Array) =>
    tenant.sealer.seal({ table: 'provision', column, row: String(id) }, bytes)
  yield [
    provisions.replaceOpen(tenant.number, wanted.device),
    provisions.addProvision(tenant.number, {
      ...provision,
      secret: seal('secret', Buffer.concat([secret.key, secret.random])),
      callbackUrl: wanted.callbackUrl ?? null,
      notifyToken: wanted.notifyToken === undefined ? null : seal('notify_token', Buffer.from(wanted.notifyToken)),
    }),
    count(tenant.number, 'provision', 1),
    ...new DeviceEvents(needs.recorder, tenant, by).invited(held.device, id),
  ]
  const [view] = yield* loadProvisions(needs, tenant.number, [id])
  return view ? { view, message: messageOf(provision, secret) } : new Refusal('not_found')
}

function refusalOfDevice(tenant: Tenant, device: Device, wanted: OnlineInvitation): Refusal | undefined {
  if (device.owner === null) return new Refusal('invalid_value', 'The device belongs to nobody; bind it first.')
  if (device.type !== wanted.deviceType) {
    return new Refusal('invalid_value', `The device ${device.id} is of the type ${device.type}.`)
  }
  if (device.status !== 'PENDING') return new Refusal('invalid_value', 'The device is not pending.')
  if (readService(wanted.service)?.tenant !== tenant.name) {
    return new Refusal('invalid_value', 'url of the description is not host:port and the name of this tenant.')
  }
  return undefined
}

/** The members of the reference, then ours. */
function messageOf({ id, device, deviceType, service, channel, policy }: Provision, secret: InviteSecret): string {
  const invite: Invite = {
    ver: 'v8',
    url: service,
    uid: secret.uid,
    did: String(device),
    dty: deviceType,
    dir: String(id),
    pch: channel,
    pth: policy,
    sec: '',
    pss: Buffer.from(secret.code).toString('base64'),
    cs: { root: secret.root, cap: ['1'], rnd: Buffer.from(secret.random).toString('base64url') },
  }
  return JSON.stringify(invite)
}
