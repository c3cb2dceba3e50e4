/** The policy document of a device type, as an app gets it signed (approve protocol section 5). Its version is the tenant's. */
import { POLICY_TYPE, type PolicyDocument } from '@countersign/protocol/approve/policy-document.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { pushSettings } from '#authentication/approval-view.ts'
import type { DeviceType, Protection, PushModel } from '#domain/device-type.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

/** The approve app behind a device type; refuses for a type that is gone or has none. */
export function loadPushModel(tenant: Tenant, code: string): { readonly type: DeviceType; readonly push: PushModel } {
  const type = tenant.configuration.findDeviceType(code)
  if (!type?.push) throw new Refusal('not_allowed', 'The device type is no approve app of this service any more.')
  return { type, push: type.push }
}

export function signedPolicy(
  { signer, clock }: Pick<ApprovalNeeds, 'signer' | 'clock'>,
  tenant: Tenant,
  deviceType: string,
): Promise<string> {
  const { push } = loadPushModel(tenant, deviceType)
  const document: PolicyDocument = {
    tenant: tenant.name,
    device_type: deviceType,
    version: tenant.version,
    iat: Math.floor(clock.now() / 1000),
    service: { name: push.serviceName, ...(push.colour === undefined ? {} : { colour: push.colour }) },
    protection: protectionOf(push.protection),
    keys: { logon: keyPolicy(tenant, push.keys.logon), action: keyPolicy(tenant, push.keys.action) },
    labels: [...push.labels],
    templates: { ...push.templates },
    renew_after_days: push.renewAfter_days,
  }
  return signer.sign(tenant.number, POLICY_TYPE, document)
}

export function algorithmsOf(tenant: Tenant, push: PushModel) {
  return {
    logon: keyPolicy(tenant, push.keys.logon).algorithm,
    action: keyPolicy(tenant, push.keys.action).algorithm,
  }
}

export function protectionOf(protection: Protection): PolicyDocument['protection'] {
  if (protection.kind === 'device') return { kind: 'device' }
  return {
    kind: 'password',
    password: {
      min_length: protection.minLength,
      max_length: protection.maxLength,
      digits_only: protection.digitsOnly,
      max_attempts: protection.maxAttempts,
      lock_seconds: protection.lock_seconds,
    },
  }
}

function keyPolicy(tenant: Tenant, credentialType: string): PolicyDocument['keys']['logon'] {
  const settings = pushSettings(tenant, credentialType)
  if (!settings) throw new Refusal('not_allowed', 'The device type names a key that is not there.')
  return { algorithm: settings.algorithm, statuses: [...settings.statuses] }
}
