/**
 * The permission table: what may be done, how the reference words it, and which roles may do it. Endpoints name a
 * permission of this table; callers get theirs from their roles. There is no other place where this is decided.
 * RL_ORGADMIN and RL_CLIENTIDM2M may do everything, so the rows name only the further roles. End users have no role and no
 * permission. A role that is not in the table (custom, or of a part this server does not have) gives none.
 */

const EVERYTHING = ['RL_ORGADMIN', 'RL_CLIENTIDM2M'] as const

interface Row {
  /** The permissions of the reference that it stands for. */
  readonly reference: string
  /** Roles beside those that may do everything. */
  readonly roles: readonly string[]
}

export const permissions = {
  'user.read': { reference: 'Read user details', roles: ['RL_USERADM', 'RL_HELPDSK', 'RL_DEVADM'] },
  'user.search': { reference: 'Search users', roles: ['RL_USERADM', 'RL_HELPDSK', 'RL_DEVADM'] },
  'user.create': { reference: 'Create user', roles: ['RL_USERADM'] },
  'user.update': { reference: 'Update user details', roles: ['RL_USERADM'] },
  'user.delete': { reference: 'Delete user', roles: ['RL_USERADM'] },
  'authenticator.read': {
    reference: 'Read user details, Read reference data',
    roles: ['RL_USERADM', 'RL_HELPDSK', 'RL_DEVADM'],
  },
  'authenticator.create': { reference: 'Create authenticator, Read reference data', roles: ['RL_USERADM'] },
  'authenticator.update': {
    reference: 'Update login authenticator status, Update device authenticator status',
    roles: ['RL_USERADM', 'RL_HELPDSK'],
  },
  'authenticator.delete': {
    reference: 'Delete login authenticator, Delete device authenticator',
    roles: ['RL_USERADM'],
  },
  'authenticator.challenge': { reference: 'the action DEVICE-CHALLENGE, USER-CHALLENGE', roles: ['RL_HELPDSK'] },
  'authenticator.reset': { reference: 'the action RESET', roles: ['RL_USERADM', 'RL_HELPDSK'] },
  'authenticator.password': { reference: 'Change password user not present', roles: ['RL_USERADM'] },
  'device.read': { reference: 'Read device details', roles: ['RL_USERADM', 'RL_HELPDSK', 'RL_DEVADM'] },
  'device.create': { reference: 'Add device', roles: ['RL_DEVADM'] },
  'device.update': { reference: 'Update device', roles: ['RL_DEVADM', 'RL_HELPDSK'] },
  'device.assign': { reference: 'Assign device, Unassign device', roles: ['RL_DEVADM'] },
  'device.delete': { reference: 'Delete device', roles: ['RL_DEVADM'] },
  'device.import': { reference: 'Add device (many, from a file)', roles: ['RL_DEVADM'] },
  'device.synchronise': {
    reference: 'the actions AUTO-SYNCH and MANUAL-SYNCH',
    roles: ['RL_DEVADM', 'RL_HELPDSK'],
  },
  'credential.read': { reference: 'Read credential details', roles: ['RL_DEVADM', 'RL_HELPDSK'] },
  'credential.update': { reference: 'Update credential', roles: ['RL_DEVADM'] },
  'credential.delete': { reference: 'Delete credential', roles: ['RL_DEVADM'] },
  'configuration.read': {
    reference: 'Read reference data, Get authentication policy, Get device type, Get credential type, Read role',
    roles: ['RL_USERADM', 'RL_HELPDSK', 'RL_DEVADM', 'RL_CFGMGR', 'RL_CONFIG'],
  },
  'configuration.update': {
    reference:
      'Create, Update, Delete device type; the same for credential type and authentication policy; Manage OOB Adapter Configuration',
    roles: ['RL_CFGMGR', 'RL_CONFIG'],
  },
  'customization.read': { reference: 'Read customization, Get customization', roles: ['RL_CFGMGR', 'RL_CONFIG'] },
  'customization.create': { reference: 'Create customization', roles: ['RL_CFGMGR', 'RL_CONFIG'] },
  'customization.update': { reference: 'Update customization', roles: ['RL_CFGMGR', 'RL_CONFIG'] },
  'customization.delete': { reference: 'Delete customization', roles: ['RL_CFGMGR', 'RL_CONFIG'] },
  'provision.read': { reference: 'Read device issuance request', roles: ['RL_USERADM', 'RL_HELPDSK', 'RL_DEVADM'] },
  'provision.create': { reference: 'Create device issuance request', roles: ['RL_DEVADM'] },
  'provision.delete': { reference: 'Delete device (its issuance request)', roles: ['RL_DEVADM'] },
  'push.validate': { reference: 'Push based validation direct user permissions (FS_TSDUP)', roles: [] },
  'client.register': { reference: 'register, read and delete OpenID clients', roles: [] },
  'user.authenticate': { reference: 'the token endpoint, for a user of the tenant', roles: ['RL_OPENIDCLIENT'] },
  'otp.generate': { reference: 'the grant api_otp: an OTP in the answer, for the caller to deliver', roles: [] },
  'role.assign': { reference: 'Modify user roles (M_U_ROLES)', roles: [] },
  'audit.read': { reference: 'Read audit log', roles: ['RL_AUDITV'] },
} as const satisfies Record<string, Row>

export type Permission = keyof typeof permissions

const NONE: ReadonlySet<string> = new Set()

const byRole: ReadonlyMap<string, ReadonlySet<string>> = (() => {
  const table = new Map<string, Set<string>>()
  for (const [permission, row] of Object.entries<Row>(permissions)) {
    for (const role of [...EVERYTHING, ...row.roles]) {
      const held = table.get(role) ?? new Set()
      table.set(role, held.add(permission))
    }
  }
  return table
})()

/** What a holder of these roles may do. */
export function permissionsOf(roles: readonly string[]): ReadonlySet<string> {
  const [first, ...more] = roles
  if (first === undefined) return NONE
  if (more.length === 0) return byRole.get(first) ?? NONE
  return new Set(roles.flatMap(role => [...(byRole.get(role) ?? NONE)]))
}

/**
 * Whether a caller with these permissions may change a user who has these roles: only one who may do at least as much.
 * Without it a help desk could take over an administrator by way of his password or token.
 */
export function mayChangeHolderOf(held: ReadonlySet<string>, roles: readonly string[]): boolean {
  for (const permission of permissionsOf(roles)) if (!held.has(permission)) return false
  return true
}
