/**
 * May this approval go on? One function, asked at four moments: when a request starts, when it is delivered, when the device
 * answers, when tokens are issued (security.md C1). A lock, a blocked or expired part between two moments stops it at the next. Pure.
 */
import { planAttempt } from '#authentication/attempt.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import { obstacleOf } from '#authentication/may-authenticate.ts'
import type { ApprovalDialect } from '#domain/approval.ts'
import type { DeviceStatus } from '#domain/device.ts'
import type { Policy } from '#domain/policy.ts'
import type { Standing } from '#domain/ports/proof-queries.ts'

/** The device and its key for the purpose; null where there is none. */
export interface ApprovingDevice {
  readonly device: number | null
  readonly deviceStatus: DeviceStatus | null
  readonly deviceStartAt: number | null
  readonly deviceExpiryAt: number | null
  readonly confirmCode: Uint8Array | null
  readonly credential?: number | null
  readonly credentialStatus: DeviceStatus | null
  readonly credentialStartAt: number | null
  readonly credentialExpiryAt: number | null
}

export interface ApprovalSituation {
  readonly policy: Policy | undefined
  readonly standing: Standing
  /** Undefined where no device is known yet: a request that names none, before it is scanned. */
  readonly device: ApprovingDevice | undefined
  readonly client: KnownClient | null | undefined
  readonly dialect: ApprovalDialect
  readonly now_ms: number
}

/** Why not, for the audit; undefined when it may. */
export function approvalObstacle({
  policy,
  standing,
  device,
  client,
  dialect,
  now_ms,
}: ApprovalSituation): string | undefined {
  if (policy?.factor !== 'push') return 'no_policy'
  if (!client) return 'no_client'
  if (client.obstacle !== undefined) return client.obstacle
  if (dialect !== 'portal' && !client.permissions.has('push.validate')) return 'client_without_permission'
  const obstacle = obstacleOf(policy, standing, now_ms) ?? planAttempt(policy, standing, now_ms).obstacle
  if (obstacle !== undefined) return obstacle
  if ((standing.blockedUntil ?? 0) > now_ms) return 'reported'
  return device === undefined ? undefined : deviceObstacle(device, now_ms)
}

export function deviceObstacle(device: ApprovingDevice, now_ms: number): string | undefined {
  if (device.device === null) return 'no_device'
  if (device.confirmCode !== null) return 'activation_pending'
  if (device.deviceStatus !== 'ACTIVE') return 'device_not_active'
  if (!within(device.deviceStartAt, device.deviceExpiryAt, now_ms)) return 'device_expired'
  if (device.credentialStatus !== 'ACTIVE') return 'credential_not_active'
  return within(device.credentialStartAt, device.credentialExpiryAt, now_ms) ? undefined : 'credential_expired'
}

const within = (start: number | null, expiry: number | null, now: number) =>
  start !== null && now >= start && (expiry === null || now < expiry)
