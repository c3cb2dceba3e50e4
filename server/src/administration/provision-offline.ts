/**
 * An invitation that makes everything at once, for any authenticator app: device, time-based key (RFC 6238) and authenticator. Its PROV_MSG
 * is an `otpauth` URI with `issuer` directly after `secret` (tolerance G6), told once.
 */
import type { Administrator } from '#administration/change.ts'
import { isStale } from '#administration/change.ts'
import { DeviceEvents } from '#administration/device-events.ts'
import { findOwner, holdOwners, type OwnerChange } from '#administration/device-owner.ts'
import type { ProvisionNeeds } from '#administration/provision-needs.ts'
import type { MadeInvitation } from '#administration/provision-online.ts'
import { loadProvisions } from '#administration/provision-view.ts'
import { type OathSettings, oathSettingsOf } from '#domain/credential-type.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { Device } from '#domain/device.ts'
import type { DeviceType } from '#domain/device-type.ts'
import type { Policy } from '#domain/policy.ts'
import { first, rowsOf, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface OfflineInvitation {
  readonly type: DeviceType
  readonly policy: Policy
  readonly owner: OwnerChange
}

/** Numbers taken and chance drawn before the unit. */
export interface OfflineParts {
  readonly provision: number
  readonly device: number
  readonly credential: number
  readonly secret: Uint8Array
}

const DAY_MS = 86_400_000

export function* createOffline(
  needs: ProvisionNeeds,
  tenant: Tenant,
  wanted: OfflineInvitation,
  parts: OfflineParts,
  by: Administrator,
): Unit<MadeInvitation | Refusal | typeof STALE> {
  const { proofs, users, devices, apps, authenticators, provisions, clock, count } = needs
  const version = yield* first(proofs.tenantVersion(tenant.number))
  if (isStale(tenant, version ? [version] : [])) return STALE
  const settings = oathSettingsOf(tenant.configuration.findCredentialType(wanted.type.defaultCredentialType))
  if (settings?.algorithm !== 'TOTP') return new Refusal('invalid_value', 'The device type makes no time-based codes.')
  const owner = yield* findOwner(needs, tenant, wanted.owner)
  if (owner instanceof Refusal) return owner
  if (owner === null) return new Refusal('invalid_value', 'owner.value says for whom.')
  const refusal = yield* holdOwners(needs, tenant, null, owner, by)
  if (refusal) return refusal
  const [user] = yield* rowsOf(users.users(tenant.number, [owner]))
  if (!user) return new Refusal('not_found')
  const now = clock.now()
  const device = deviceOf(wanted.type, parts.device, user.externalId, owner, now)
  const held = yield* rowsOf(authenticators.authenticatorsOf(tenant.number, [owner]))
  const days = wanted.policy.validDaysAdd
  const one = {
    user: owner,
    policy: wanted.policy.code,
    status: 'ENABLED',
    startAt_ms: now,
    expiryAt_ms: days < 0 ? null : now + days * DAY_MS,
    createdAt_ms: now,
    version: 1,
  } as const
  const place = { table: 'credential', column: 'secret', row: String(parts.credential) }
  yield [
    devices.addDevice(tenant.number, device),
    ...apps.addCredential(tenant.number, {
      id: parts.credential,
      device: parts.device,
      externalId: `${device.externalId}.${wanted.type.defaultCredentialType}`,
      type: wanted.type.defaultCredentialType,
      secret: tenant.sealer.seal(place, parts.secret),
      startAt: now,
      expiryAt: null,
    }),
    count(tenant.number, 'device', 1),
    count(tenant.number, 'credential', 1),
    ...(held.some(({ policy }) => policy === one.policy)
      ? []
      : [
          authenticators.addAuthenticator(tenant.number, one),
          authenticators.addState(tenant.number, owner, one.policy),
          count(tenant.number, 'authenticator', 1),
        ]),
    provisions.addProvision(tenant.number, {
      id: parts.provision,
      device: parts.device,
      user: owner,
      deviceType: wanted.type.code,
      client: by.actor.kind === 'client' ? by.actor.id : null,
      status: 'PROCESSED',
      description: '',
      service: '',
      channel: '',
      policy: wanted.policy.code,
      createdAt_ms: now,
      expiresAt_ms: now,
      processedAt_ms: now,
      version: 1,
      secret: null,
      callbackUrl: null,
      notifyToken: null,
    }),
    count(tenant.number, 'provision', 1),
    ...new DeviceEvents(needs.recorder, tenant, by).added(device),
    ...new DeviceEvents(needs.recorder, tenant, by).invited(device, parts.provision),
  ]
  const [view] = yield* loadProvisions(needs, tenant.number, [parts.provision])
  const message = otpauth(tenant.name, user.externalId, parts.secret, settings)
  return view ? { view, message } : new Refusal('not_found')
}

function deviceOf(type: DeviceType, id: number, holder: string, owner: number, now: number): Device {
  return {
    id,
    externalId: `${holder}.${id}`,
    type: type.code,
    owner,
    friendlyName: type.name,
    status: 'ACTIVE',
    startAt_ms: now,
    expiryAt_ms: null,
    createdAt_ms: now,
    version: 1,
  }
}

function otpauth(
  issuer: string,
  user: string,
  secret: Uint8Array,
  { hash, digits, step_seconds }: OathSettings,
): string {
  const name = encodeURIComponent(issuer)
  const settings = `algorithm=${hash}&digits=${digits}&period=${step_seconds}`
  return `otpauth://totp/${name}:${encodeURIComponent(user)}?secret=${base32(secret)}&issuer=${name}&${settings}`
}

/** RFC 4648 section 6, without padding. */
function base32(bytes: Uint8Array): string {
  const bits = Array.from(bytes, byte => byte.toString(2).padStart(8, '0')).join('')
  return (bits.match(/.{1,5}/g) ?? [])
    .map(five => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five.padEnd(5, '0'), 2)])
    .join('')
}
