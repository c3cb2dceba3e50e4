/**
 * Registering an authenticator for codes by mail and SMS (REGISTER-OOB): what kind of device and code, and perhaps an activation code
 * that must be shown before a code goes out. No device is made: the mailbox or telephone is an attribute of the user. A new
 * registration takes the place of the older, and kills the code that is open.
 */
import { type AuthenticatorAction, authenticatorEvent } from '#administration/authenticator-events.ts'
import { aboutOf, hold, type Target } from '#administration/authenticator-units.ts'
import type { Administrator } from '#administration/change.ts'
import type { AdministrationNeeds } from '#administration/needs.ts'
import type { STALE } from '#domain/deciding-unit.ts'
import type { UserId } from '#domain/ids.ts'
import { activationPlace } from '#domain/oob.ts'
import type { Policy } from '#domain/policy.ts'
import type { OobRegistration } from '#domain/ports/oob-queries.ts'
import type { Query, Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

/** As a caller says it. */
export interface WantedRegistration {
  readonly deviceType: string | undefined
  readonly credentialType: string | undefined
  readonly activationCode: string | undefined
}

export interface ReadyRegistration {
  readonly deviceType: string
  readonly credentialType: string
  readonly activationCode: string | undefined
}

const USUAL = { logon: 'DT_OOB', action: 'DT_TXOOB' } as const
const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

/** Judges a registration by the documents of the tenant; throws. */
export function readyRegistration(tenant: Tenant, policy: Policy, wanted: WantedRegistration): ReadyRegistration {
  if (policy.factor !== 'oob') throw wrong(`${policy.code} is no policy of codes by mail or SMS.`)
  const { configuration } = tenant
  const device = configuration.findDeviceType(wanted.deviceType ?? USUAL[policy.purpose ?? 'logon'])
  if (!device?.oob) throw wrong('OOB_DEVICETYPE_CODE is no device type of codes by mail or SMS.')
  if (!device.oob.methods.some(method => policy.methods?.includes(method) ?? true)) {
    throw wrong(`${policy.code} sends no codes to a ${device.code}.`)
  }
  const credentialType = wanted.credentialType ?? device.defaultCredentialType
  const credential = configuration.findCredentialType(credentialType)
  if (credential?.factor !== 'oob' || !device.allowedCredentialTypes.includes(credentialType)) {
    throw wrong(`OOB_CREDENTIALTYPE_CODE is none of ${device.code}.`)
  }
  if ((credential.settings.use === 'transaction') !== (policy.purpose === 'action')) {
    throw wrong(`${credentialType} is not for ${policy.code}.`)
  }
  return { deviceType: device.code, credentialType, activationCode: wanted.activationCode }
}

export function registrationQueries(
  { oob, clock }: AdministrationNeeds,
  tenant: Tenant,
  { user, policy }: { readonly user: UserId; readonly policy: string },
  { deviceType, credentialType, activationCode }: ReadyRegistration,
): readonly Query[] {
  const activation =
    activationCode === undefined
      ? null
      : tenant.sealer.seal(activationPlace(user, policy), Buffer.from(activationCode, 'utf8'))
  const row: OobRegistration = { deviceType, credentialType, activation }
  return [oob.register(tenant.number, user, policy, row, clock.now()), oob.kill(tenant.number, user, policy)]
}

export function* registerOob(
  needs: AdministrationNeeds,
  tenant: Tenant,
  target: Target,
  ready: ReadyRegistration,
  by: Administrator,
): Unit<true | Refusal | typeof STALE> {
  return yield* changed(needs, tenant, target, by, 'registerOOB', registrationQueries(needs, tenant, target, ready))
}

export function* unregisterOob(
  needs: AdministrationNeeds,
  tenant: Tenant,
  target: Target,
  by: Administrator,
): Unit<true | Refusal | typeof STALE> {
  const { user, policy } = target
  const { oob } = needs
  const queries = [oob.unregister(tenant.number, user, policy), oob.kill(tenant.number, user, policy)]
  return yield* changed(needs, tenant, target, by, 'unregisterOOB', queries)
}

function* changed(
  needs: AdministrationNeeds,
  tenant: Tenant,
  target: Target,
  by: Administrator,
  action: AuthenticatorAction,
  queries: readonly Query[],
): Unit<true | Refusal | typeof STALE> {
  const found = yield* hold(needs, tenant, target, by)
  if (typeof found === 'symbol' || found instanceof Refusal) return found
  yield [...queries, ...authenticatorEvent(needs.recorder, tenant, action, aboutOf(target, found.owner), by)]
  return true
}
