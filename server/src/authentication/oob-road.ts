/**
 * By which way a code reaches a person. The way is the one that was asked for, or the first that device type
 * and policy allow, for which the person has an address, and the tenant a gateway.
 */
import { addressFor } from '#authentication/messages.ts'
import type { OobSettings } from '#domain/credential-type.ts'
import { inOrder } from '#domain/gateway.ts'
import type { MessageMethod } from '#domain/parcel.ts'
import type { Policy } from '#domain/policy.ts'
import type { Addresses } from '#domain/ports/message-queries.ts'
import type { OobRegistration } from '#domain/ports/oob-queries.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface Road {
  readonly method: MessageMethod
  readonly to: string
}

export interface RoadRequest {
  readonly policy: Policy
  readonly registration: OobRegistration
  readonly addresses: Addresses
  readonly asked: MessageMethod | undefined
  /** Messages of tenants without a gateway arrive all the same: in the demo. */
  readonly everywhere: boolean
}

export function roadFor({ configuration }: Tenant, request: RoadRequest): Road | undefined {
  const { policy, registration, addresses, asked, everywhere } = request
  const ofDevice = configuration.findDeviceType(registration.deviceType)?.oob?.methods ?? []
  const allowed = ofDevice.filter(method => policy.methods?.includes(method) ?? true)
  for (const method of asked === undefined ? allowed : allowed.filter(one => one === asked)) {
    const gateways = method === 'email' ? configuration.mailGateways : configuration.smsGateways
    const to = addressFor(method, addresses)
    if (to !== undefined && (everywhere || inOrder<Gateway>(gateways, policy.deliveryGateways).length > 0)) {
      return { method, to }
    }
  }
  return undefined
}

type Gateway = Tenant['configuration']['mailGateways'][number] | Tenant['configuration']['smsGateways'][number]

/** Undefined when the type is gone, or was never one of codes. */
export function oobSettingsOf({ configuration }: Tenant, registration: OobRegistration): OobSettings | undefined {
  const type = configuration.findCredentialType(registration.credentialType)
  return type?.factor === 'oob' ? type.settings : undefined
}

/** Nothing stays open for long, whatever a policy says. */
const LONGEST_LIFE_SECONDS = 3600

export const lifeOf = ({ challengeTimeout_seconds: life }: Policy): number =>
  life < 0 ? LONGEST_LIFE_SECONDS : Math.min(life, LONGEST_LIFE_SECONDS)
