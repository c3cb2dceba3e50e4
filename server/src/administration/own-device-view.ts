/** The devices of one person as he sees them: what they are, when he used them, what they can do. At most a hundred. */
import type { DeviceNeeds } from '#administration/device-needs.ts'
import { type DeviceView, loadDevices } from '#administration/device-view.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { CredentialType } from '#domain/credential-type.ts'
import type { DeviceType } from '#domain/device-type.ts'
import type { CredentialId, TenantNumber, UserId } from '#domain/ids.ts'
import { rowsOf, type Unit } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'

export type DeviceUse = 'approve_sign_in' | 'approve_action' | 'code' | 'challenge' | 'signature' | 'sign_in'
/** A token is whatever shows codes, and what is not known. */
export type DeviceKind = 'app' | 'passkey' | 'card' | 'token'

export interface OwnDevice extends DeviceView {
  readonly typeName: string
  readonly lastUsedAt_ms: number | null
  readonly approveApp: boolean
  readonly kind: DeviceKind
  readonly uses: readonly DeviceUse[]
}

/** What one query answers. */
const PAGE = 100

export function* loadOwn(
  { users, devices }: Pick<DeviceNeeds, 'users' | 'devices'>,
  tenant: TenantNumber,
  user: UserId,
): Unit<readonly (DeviceView & { readonly lastUsedAt_ms: number | null })[]> {
  const rows = (yield* rowsOf(users.devicesOf(tenant, [user]))).slice(0, PAGE)
  const views = yield* loadDevices(
    devices,
    tenant,
    rows.map(({ id }) => id),
  )
  const lastUse = new Map(rows.map(({ id, lastSuccessAt }) => [id, lastSuccessAt]))
  return views
    .filter(({ owner }) => owner === user)
    .map(view => ({ ...view, lastUsedAt_ms: lastUse.get(view.id) ?? null }))
}

export function* loadOwnDevices(
  needs: Pick<DeviceNeeds, 'users' | 'devices' | 'credentials'>,
  tenant: Tenant,
  user: UserId,
): Unit<readonly OwnDevice[]> {
  const { configuration } = tenant
  const own = yield* loadOwn(needs, tenant.number, user)
  const ids = own.flatMap(({ credentials }) => credentials)
  const types = new Map<CredentialId, string>()
  for (let start = 0; start < ids.length; start += PAGE) {
    const rows = yield* rowsOf(needs.credentials.credentials(tenant.number, ids.slice(start, start + PAGE)))
    for (const { id, type } of rows) types.set(id, type)
  }
  return own.map(one => {
    const type = configuration.findDeviceType(one.type)
    const keys = one.credentials.map(id => configuration.findCredentialType(types.get(id) ?? ''))
    return {
      ...one,
      typeName: type?.name ?? one.type,
      approveApp: type?.push !== undefined,
      kind: kindOf(type, configuration),
      uses: [...new Set(keys.flatMap(usesOf))],
    }
  })
}

/** By its type, so that one that waits for its key is known, too. */
function kindOf(type: DeviceType | undefined, configuration: Configuration): DeviceKind {
  if (type?.push !== undefined) return 'app'
  const factors = type?.allowedCredentialTypes.map(code => configuration.findCredentialType(code)?.factor) ?? []
  if (factors.includes('fido')) return 'passkey'
  return factors.includes('card') ? 'card' : 'token'
}

function usesOf(type: CredentialType | undefined): readonly DeviceUse[] {
  switch (type?.factor) {
    case 'push':
      if (type.settings.use === 'transport') return []
      return [type.settings.use === 'logon' ? 'approve_sign_in' : 'approve_action']
    case 'oath':
      return [({ otp: 'code', challenge: 'challenge', signing: 'signature' } as const)[type.settings.use]]
    case 'fido':
    case 'card':
      return ['sign_in']
    default:
      return []
  }
}

/** Which approve apps a person may add himself: the tenant's own types; where it has none, the stock one. */
export function ownTypes({ deviceTypes }: Configuration) {
  const apps = deviceTypes.filter(({ push }) => push !== undefined)
  const own = apps.filter(({ readOnly }) => !readOnly)
  return own.length > 0 ? own : apps.slice(0, 1)
}
