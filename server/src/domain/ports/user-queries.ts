/**
 * Users and what hangs on them. Names a person signs in with stand in a table of their own, where one name belongs to one
 * user whichever of his two names it is; `claimName` answers a row only to the one who got it.
 */
import type { DeviceId, TenantNumber, UserId } from '#domain/ids.ts'
import type { Query } from '#domain/ports/store.ts'
import type { User } from '#domain/user.ts'

export interface UserRow extends Omit<User, 'active' | 'createdAt_ms'> {
  readonly active: number
  readonly createdAt: number
}

export interface UserAttributeRow {
  readonly user: UserId
  readonly name: string
  readonly value: string
}

export interface UserRoleRow {
  readonly user: UserId
  readonly role: string
}

export interface UserPolicyRow {
  readonly user: UserId
  readonly policy: string
}

export interface UserDeviceRow {
  readonly user: UserId
  readonly id: DeviceId
  readonly externalId: string
  readonly friendlyName: string | null
  readonly lastSuccessAt: number | null
}

export interface UserQueries {
  /** One user, held against other changes of him until the unit ends. */
  heldUser(tenant: TenantNumber, id: UserId): Query<UserRow>
  /** At most 100 ids in each of these; rows come in the order of ids. */
  users(tenant: TenantNumber, ids: readonly UserId[]): Query<UserRow>
  attributesOf(tenant: TenantNumber, ids: readonly UserId[]): Query<UserAttributeRow>
  rolesOf(tenant: TenantNumber, ids: readonly UserId[]): Query<UserRoleRow>
  policiesOf(tenant: TenantNumber, ids: readonly UserId[]): Query<UserPolicyRow>
  devicesOf(tenant: TenantNumber, ids: readonly UserId[]): Query<UserDeviceRow>

  /** Who signs in with this name: external id or user name, in any case of letters. */
  userNamed(tenant: TenantNumber, name: string): Query<{ readonly user: UserId }>
  /** No row when somebody has the name already. */
  claimName(tenant: TenantNumber, name: string, user: UserId): Query<{ readonly user: UserId }>
  releaseName(tenant: TenantNumber, name: string, user: UserId): Query

  /** The row and its empty count of attempts. */
  addUser(tenant: TenantNumber, user: User): readonly Query[]
  /** Writes every column of `user` over the row that has `version`; no row when it has another one by now. */
  replaceUser(tenant: TenantNumber, user: User, version: number): Query<{ readonly version: number }>
  setAttribute(tenant: TenantNumber, user: UserId, name: string, value: string): Query
  removeAttribute(tenant: TenantNumber, user: UserId, name: string): Query
  addRole(tenant: TenantNumber, user: UserId, role: string): Query
  removeRole(tenant: TenantNumber, user: UserId, role: string): Query
  /** Raises the tenant's version when the user stands for a client: whoever knows clients by heart looks again. */
  noteClientChange(tenant: TenantNumber, user: UserId): Query
  /** The row of that version, with attributes, roles, attempts, the client that he stands for; his devices become nobody's. */
  removeUser(tenant: TenantNumber, user: UserId, version: number): readonly [Query<{ readonly id: UserId }>, ...Query[]]
}
