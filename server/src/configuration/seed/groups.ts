/** Stock groups (`UG_*`), three roots: end users, the users that stand for clients, and the tenant's administrators. */
import type { Group } from '#domain/group.ts'

export const groups: readonly Group[] = [
  { code: 'UG_ROOT', name: 'Users' },
  { code: 'UG_CLIENTID', name: 'Clients' },
  { code: 'UG_ORGADMIN', name: 'Organisation administrators' },
]
