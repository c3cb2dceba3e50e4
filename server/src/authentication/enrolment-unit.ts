/**
 * An enrolment becomes true in one unit: device, keys, authenticators, the app, the invitation's end, the audit, the news for the
 * client and for the user's other devices. Either all of it stands or nothing.
 */
import type { ActivationRequest } from '@countersign/protocol/approve/activation.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import type { CheckedKeys, NewKeys } from '#authentication/enrolment-keys.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { DeviceType, PushModel } from '#domain/device-type.ts'
import type { InvitedRow } from '#domain/ports/provision-queries.ts'
import { first, type Query, together, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

/** Created at enrolment where the user does not have them (reference: "a set of authenticators are created for the user"). */
export const ENROLLED_POLICIES = ['AT_SMK', 'AT_PASA', 'AT_PASA-2FA', 'AT_TDS', 'AT_EMPOTP', 'AT_EMPOTP-2FA'] as const

const DAY_MS = 86_400_000

export interface Enrolling {
  readonly request: ActivationRequest
  readonly type: DeviceType & { readonly push: PushModel }
  readonly checked: CheckedKeys
  readonly keys: NewKeys
  readonly evidence: string
  /** Where the policy wants the registration confirmed. */
  readonly confirmCode: string | undefined
  readonly source: string
  readonly correlation: string
}

export interface Enrolled {
  readonly status: 'ACTIVE' | 'PENDING'
  readonly others: readonly number[]
}

/** `row` is locked by the unit and was found good. Answers a reason when somebody was first. */
export function* enrol(
  needs: ApprovalNeeds,
  tenant: Tenant,
  row: InvitedRow,
  enrolling: Enrolling,
): Unit<Enrolled | { readonly reason: string } | typeof STALE> {
  const { apps, provisions, devices, clock, count } = needs
  const { request, keys, checked, confirmCode, type } = enrolling
  const now = clock.now()
  const [active, held, others] = yield* together(
    devices.activeDevices(tenant.number, row.user, row.deviceType, row.device),
    needs.authenticators.authenticatorsOf(tenant.number, [row.user]),
    apps.otherDevices(tenant.number, row.user, row.device),
  )
  const most = type.maximumDevicePerUser
  if (most >= 0 && (active[0]?.total ?? 0) >= most) return { reason: 'too_many_devices' }
  const [ended] = yield* together(provisions.processed(tenant.number, row.id, checked.thumbprints.action, now))
  if (!ended[0]) return { reason: 'used' }
  const missing = ENROLLED_POLICIES.filter(code => !held.some(({ policy }) => policy === code))
  const status = confirmCode === undefined ? 'ACTIVE' : 'PENDING'
  const answers = yield [
    apps.activateDevice(tenant.number, row.device, row.deviceVersion, status, request.name),
    ...keys.rows.flatMap(one => apps.addCredential(tenant.number, one)),
    count(tenant.number, 'credential', keys.rows.length),
    ...apps.addApp(tenant.number, {
      device: row.device,
      transport: keys.transport,
      logon: keys.logon,
      action: keys.action,
      keyProtection: request.key_protection,
      platform: request.platform,
      provision: row.id,
      evidence: enrolling.evidence,
      confirmCode: confirmCode === undefined ? null : sealedCode(tenant, row.device, confirmCode),
      at: now,
    }),
    ...missing.flatMap(code => authenticator(needs, tenant, row.user, code, now)),
    ...news(needs, tenant, row, now),
    ...others.flatMap(({ device }) => notice(needs, tenant, device, request.name, now)),
    ...enrolmentEvent(needs, tenant, row, enrolling, undefined),
  ]
  if (answers[0]?.length === 0) return { reason: 'device_changed' }
  return { status, others: others.map(({ device }) => device) }
}

export const sealedCode = (tenant: Tenant, device: number, code: string) =>
  tenant.sealer.seal({ table: 'app', column: 'confirm_code', row: String(device) }, Buffer.from(code))

function authenticator(
  needs: ApprovalNeeds,
  tenant: Tenant,
  user: number,
  code: string,
  now: number,
): readonly Query[] {
  const policy = tenant.configuration.findPolicy(code)
  if (!policy) return []
  const one = {
    user,
    policy: code,
    status: 'ENABLED',
    startAt_ms: now,
    expiryAt_ms: policy.validDaysAdd < 0 ? null : now + policy.validDaysAdd * DAY_MS,
    createdAt_ms: now,
    version: 1,
  } as const
  const { authenticators, count } = needs
  return [
    authenticators.addAuthenticator(tenant.number, one),
    authenticators.addState(tenant.number, user, code),
    count(tenant.number, 'authenticator', 1),
  ]
}

/** For the client that asked for the registration; its address and token stand in the invitation. */
function news({ outbox, happenings }: ApprovalNeeds, tenant: Tenant, row: InvitedRow, now: number): readonly Query[] {
  if (row.callbackUrl === null || row.client === null) return []
  return [
    outbox.add(tenant.number, {
      id: happenings.next(),
      kind: 'registration',
      subject: row.id,
      destination: `client:${row.client}`,
      dueAt: now,
      notAfter: now + DAY_MS,
      createdAt: now,
    }),
  ]
}

/** A stolen invitation shows itself on the devices that the user has already. */
function notice(
  { apps, outbox, happenings }: ApprovalNeeds,
  tenant: Tenant,
  device: number,
  text: string,
  now: number,
): readonly Query[] {
  return [
    apps.addNotice(tenant.number, { id: happenings.next(), device, kind: 'device_added', text }),
    outbox.add(tenant.number, {
      id: happenings.next(),
      kind: 'wake',
      subject: 0,
      destination: `device:${device}`,
      dueAt: now,
      notAfter: now + DAY_MS,
      createdAt: now,
    }),
  ]
}

export function enrolmentEvent(
  { recorder }: ApprovalNeeds,
  tenant: Tenant,
  row: InvitedRow | undefined,
  { request, source, correlation }: Pick<Enrolling, 'request' | 'source' | 'correlation'>,
  reason: string | undefined,
): readonly Query[] {
  return recorder.record(tenant.number, {
    action: 'registerDevice',
    result: reason === undefined ? 'SUCCESS' : 'FAILURE',
    ...(reason === undefined ? {} : { reason }),
    actor: row && reason === undefined ? { kind: 'user', id: row.user } : { kind: 'anonymous' },
    ...(row ? { user: row.user } : {}),
    parameters: {
      TEXT1: request.method,
      TEXT2: request.key_protection,
      COI: correlation,
      ...(row ? { DIR: row.id, DID: row.device, DTC: row.deviceType, CHC: row.channel, ATC: row.policy } : {}),
    },
    personal: { source },
  }).queries
}

/** Found again under its lock, for the unit that ends it. */
export function* lockInvited(
  { provisions }: ApprovalNeeds,
  tenant: Tenant,
  id: number,
): Unit<InvitedRow | undefined | typeof STALE> {
  const row = yield* first(provisions.heldInvitation(tenant.number, id))
  return row && row.version > tenant.version ? STALE : row
}
