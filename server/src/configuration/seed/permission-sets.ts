/**
 * Stock permission sets (`FS_*`). Of the reference's sets only FS_RLASG is documented with its items: which roles may be
 * assigned and read. The others are named without content, so they are not made up here.
 */
import { roles } from '#configuration/seed/roles.ts'
import type { PermissionSet } from '#domain/permission-set.ts'

const scope = roles.map(role => role.code)

export const permissionSets: readonly PermissionSet[] = [
  {
    code: 'FS_RLASG',
    name: 'Role assignment',
    items: [
      { function: 'M_U_ROLES', scope },
      { function: 'R_ROLE', scope },
    ],
  },
]
