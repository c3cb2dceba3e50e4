/**
 * A passkey becomes true in one unit: its device (the one that waited for it, or a new one), its credential, for whom it is, the
 * authenticator where the user has none, the audit. Either all of it stands or nothing, and a reason.
 */
import type { Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { keyName, sealedRecord } from '#authentication/passkey-record.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { Device } from '#domain/device.ts'
import type { DeviceType } from '#domain/device-type.ts'
import type { LoginUser } from '#domain/login.ts'
import type { Policy } from '#domain/policy.ts'
import type { DeviceRow } from '#domain/ports/device-queries.ts'
import type { PasskeyRecord } from '#domain/ports/passkeys.ts'
import { first, type Query, together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { EnrolAction } from '#workflow/enrolment.ts'

const DAY_MS = 86_400_000
const LONGEST_NAME = 64

export interface PasskeyKinds {
  readonly policy: Policy
  readonly deviceType: DeviceType
  readonly credentialType: string
}

export interface PasskeyEnrolment extends PasskeyKinds {
  readonly login: Login
  readonly action: EnrolAction
  readonly user: LoginUser
  readonly handle: Uint8Array
  readonly record: PasskeyRecord
  /** Numbers for a device and a credential. */
  readonly ids: readonly number[]
  readonly name: string | undefined
  readonly correlation: string
}

export interface Enrolled {
  readonly device: number
  readonly name: string | undefined
}

export function* registerPasskey(
  needs: LoginNeeds,
  tenant: Tenant,
  enrolment: PasskeyEnrolment,
): Unit<Enrolled | { readonly reason: string } | typeof STALE> {
  const { proofs, users, passkeyRows, clock, count } = needs
  const { user, policy, deviceType, record } = enrolment
  const [, [standing]] = yield* together(
    // Held before anything is read: two passkeys of one person follow each other.
    users.heldUser(tenant.number, user.id),
    proofs.standingOf(tenant.number, user.id, policy.code),
  )
  if (standing === undefined || standing.version > tenant.version) return STALE
  if (!standing.active) return yield* refused(needs, tenant, enrolment, 'user_disabled')
  // Whoever makes a device waits here for the others: one passkey is not registered twice.
  yield [count(tenant.number, 'device', 0)]
  const now = clock.now()
  const externalId = keyName(record.credentialId)
  const [[known], [waiting], [active]] = yield* together(
    passkeyRows.knownKey(tenant.number, externalId),
    passkeyRows.waitingDevice(tenant.number, user.id, deviceType.code),
    needs.devices.activeDevices(tenant.number, user.id, deviceType.code, 0),
  )
  const obstacle = known ? 'known_passkey' : obstacleOfDevice(enrolment, waiting, active?.total ?? 0, now)
  if (obstacle !== undefined) return yield* refused(needs, tenant, enrolment, obstacle)
  const bound = enrolment.action.deviceBinding === 'required' ? waiting : undefined
  const device = bound ? activated(bound, enrolment) : newDevice(enrolment, externalId, now)
  const written = yield* first<object>(
    bound
      ? needs.devices.replaceDevice(tenant.number, device, bound.version)
      : needs.devices.addDevice(tenant.number, device),
  )
  if (!written) throw new LostRace('the device was changed by somebody else meanwhile')
  const [, credential = 0] = enrolment.ids
  yield [
    ...passkeyRows.addPasskey(tenant.number, {
      ...{ credential, externalId, device: device.id, user: user.id, handle: enrolment.handle, at: now },
      type: enrolment.credentialType,
      secret: sealedRecord(tenant, credential, record),
      counter: record.counter,
      backedUp: record.backedUp,
    }),
    ...(bound ? [] : [count(tenant.number, 'device', 1)]),
    count(tenant.number, 'credential', 1),
    ...(standing.status === null ? authenticator(needs, tenant, enrolment, now) : []),
    ...enrolmentEvent(needs, tenant, enrolment, undefined, { device, credential }),
  ]
  return { device: device.id, name: device.friendlyName ?? undefined }
}

function* refused(
  needs: LoginNeeds,
  tenant: Tenant,
  enrolment: PasskeyEnrolment,
  reason: string,
): Unit<{ readonly reason: string }> {
  yield enrolmentEvent(needs, tenant, enrolment, { reason, detail: '' })
  return { reason }
}

/** Asked when options are given, too: nobody touches his key in vain. */
export function obstacleOfDevice(
  { action, deviceType }: Pick<PasskeyEnrolment, 'action' | 'deviceType'>,
  waiting: DeviceRow | undefined,
  active: number,
  now: number,
): string | undefined {
  const most = deviceType.maximumDevicePerUser
  if (most >= 0 && active >= most) return 'too_many_passkeys'
  if (action.deviceBinding !== 'required') return undefined
  const open = waiting !== undefined && (waiting.expiryAt === null || now < waiting.expiryAt)
  return open ? undefined : 'no_pending_device'
}

function activated({ startAt, expiryAt, createdAt, ...row }: DeviceRow, { name }: PasskeyEnrolment): Device {
  const dates = { startAt_ms: startAt, expiryAt_ms: expiryAt, createdAt_ms: createdAt }
  return { ...row, ...dates, status: 'ACTIVE', friendlyName: row.friendlyName ?? name ?? null }
}

function newDevice({ ids, user, deviceType, name }: PasskeyEnrolment, key: string, now: number): Device {
  const [id = 0] = ids
  return {
    ...{ id, type: deviceType.code, owner: user.id, status: 'ACTIVE', version: 1 },
    externalId: `${key.slice(0, 8)}-${key.slice(8, 12)}-${key.slice(12, 16)}-${key.slice(16, 20)}-${key.slice(20, 32)}`,
    friendlyName: name ?? null,
    ...{ startAt_ms: now, expiryAt_ms: null, createdAt_ms: now },
  }
}

function authenticator(
  { authenticators, count }: LoginNeeds,
  tenant: Tenant,
  { user, policy }: PasskeyEnrolment,
  now: number,
): readonly Query[] {
  return [
    authenticators.addAuthenticator(tenant.number, {
      ...{ user: user.id, policy: policy.code, status: 'ENABLED', version: 1 },
      ...{ startAt_ms: now, createdAt_ms: now },
      expiryAt_ms: policy.validDaysAdd < 0 ? null : now + policy.validDaysAdd * DAY_MS,
    }),
    authenticators.addState(tenant.number, user.id, policy.code),
    count(tenant.number, 'authenticator', 1),
  ]
}

/** The administrator sees which model it was and why it was refused. */
export function enrolmentEvent(
  { recorder }: LoginNeeds,
  tenant: Tenant,
  {
    login,
    action,
    user,
    correlation,
    ...rest
  }: Pick<PasskeyEnrolment, 'login' | 'action' | 'user' | 'correlation'> & Partial<PasskeyEnrolment>,
  refusal: { readonly reason: string; readonly detail: string } | undefined,
  made?: { readonly device: Device; readonly credential: number },
): readonly Query[] {
  const { record } = rest
  return recorder.record(tenant.number, {
    action: 'registerPasskey',
    result: refusal === undefined ? 'SUCCESS' : 'FAILURE',
    ...(refusal === undefined ? {} : { reason: refusal.reason }),
    actor: refusal === undefined ? { kind: 'user', id: user.id } : { kind: 'client', id: login.client.clientId },
    user: user.id,
    parameters: {
      ATC: action.code,
      CHC: login.client.document.userChannel,
      COI: correlation,
      ...(made
        ? { DID: made.device.id, DTC: made.device.type, DSN: made.device.externalId, CID: made.credential }
        : {}),
      ...(record ? { TEXT1: record.aaguid, TEXT2: `${record.attestation.format} ${vouched(record)}` } : {}),
      ...(refusal?.detail ? { TEXT3: refusal.detail } : {}),
    },
  }).queries
}

const vouched = ({ attestation }: PasskeyRecord) => (attestation.trusted ? 'trusted' : 'untrusted')

/** What it is called until its owner says otherwise: by himself now, or else the name of its model. */
export function nameOf(given: string | undefined, { model }: PasskeyRecord): string | undefined {
  const name = (given?.trim() || model || '').replace(/[\p{Cc}\p{Surrogate}]/gu, '').slice(0, LONGEST_NAME)
  return name === '' ? undefined : name
}
