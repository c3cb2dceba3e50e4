/**
 * A user with what hangs on him, as a door shows him. A page of a hundred is loaded by one query per kind of row, all in one
 * round trip, and only the kinds that somebody wants to see.
 */
import type { DeviceId, TenantNumber, UserId } from '#domain/ids.ts'
import type { Query, Unit } from '#domain/ports/store.ts'
import type {
  UserAttributeRow,
  UserDeviceRow,
  UserPolicyRow,
  UserQueries,
  UserRoleRow,
  UserRow,
} from '#domain/ports/user-queries.ts'
import type { User } from '#domain/user.ts'

export type UserPart = 'attributes' | 'roles' | 'authenticators' | 'devices'

export interface UserView extends User {
  /** What is no column of the user: `ATR_MOBILE`, custom codes; by name. */
  readonly attributes: ReadonlyMap<string, string>
  readonly roles: readonly string[]
  /** Codes of the policies under which he has one. */
  readonly authenticators: readonly string[]
  readonly devices: readonly HeldDevice[]
}

export interface HeldDevice {
  readonly id: DeviceId
  readonly externalId: string
  readonly friendlyName: string | null
  readonly lastSuccessAt_ms: number | null
}

export const allParts: ReadonlySet<UserPart> = new Set(['attributes', 'roles', 'authenticators', 'devices'])

type Loaders = Readonly<
  Record<UserPart, (tenant: TenantNumber, ids: readonly UserId[]) => Query<{ readonly user: UserId }>>
>

/** The users of these ids in their order; an id that nobody has is left out. At most 100. */
export function* loadUsers(
  queries: UserQueries,
  tenant: TenantNumber,
  ids: readonly UserId[],
  parts: ReadonlySet<UserPart>,
): Unit<readonly UserView[]> {
  if (ids.length === 0) return []
  const loaders: Loaders = {
    attributes: queries.attributesOf,
    roles: queries.rolesOf,
    authenticators: queries.policiesOf,
    devices: queries.devicesOf,
  }
  const wanted = [...parts]
  const answers = yield [queries.users(tenant, ids), ...wanted.map(part => loaders[part](tenant, ids))]
  const rowsOf = <Row extends { readonly user: UserId }>(part: UserPart): ByUser<Row> => {
    const place = wanted.indexOf(part)
    return byUser(place < 0 ? [] : (answers[place + 1] as readonly Row[]))
  }
  const attributes = rowsOf<UserAttributeRow>('attributes')
  const roles = rowsOf<UserRoleRow>('roles')
  const policies = rowsOf<UserPolicyRow>('authenticators')
  const devices = rowsOf<UserDeviceRow>('devices')
  const users = new Map((answers[0] as readonly UserRow[]).map(row => [row.id, row]))
  return ids.flatMap(id => {
    const row = users.get(id)
    if (row === undefined) return []
    return {
      ...userOf(row),
      attributes: new Map((attributes.get(id) ?? []).map(({ name, value }) => [name, value])),
      roles: (roles.get(id) ?? []).map(({ role }) => role),
      authenticators: (policies.get(id) ?? []).map(({ policy }) => policy),
      devices: (devices.get(id) ?? []).map(device => ({
        id: device.id,
        externalId: device.externalId,
        friendlyName: device.friendlyName,
        lastSuccessAt_ms: device.lastSuccessAt,
      })),
    }
  })
}

type ByUser<Row> = ReadonlyMap<UserId, readonly Row[]>

function byUser<Row extends { readonly user: UserId }>(rows: readonly Row[]): ByUser<Row> {
  const groups = new Map<UserId, Row[]>()
  for (const row of rows) {
    const group = groups.get(row.user)
    if (group === undefined) groups.set(row.user, [row])
    else group.push(row)
  }
  return groups
}

export function userOf({ createdAt, active, ...row }: UserRow): User {
  return { ...row, active: active !== 0, createdAt_ms: createdAt }
}
