/**
 * Who may call what, derived from the endpoints: one row per method and path. Docs print it, tests walk it.
 */
import type { Door } from '#http/door.ts'
import type { Access } from '#http/endpoint.ts'

export interface PermissionRow {
  readonly door: string
  readonly method: string
  readonly path: string
  readonly access: Access['kind']
  /** Only for `bearer`. */
  readonly permission: string | undefined
  /** Why no permission is asked for; empty for `bearer`. */
  readonly why: string
}

export function permissionTable(doors: readonly Door[]): PermissionRow[] {
  return doors.flatMap(door =>
    door.endpoints.map(({ access, method, path }) => ({
      door: door.name,
      method,
      path,
      access: access.kind,
      permission: access.kind === 'bearer' ? access.permission : undefined,
      why: access.kind === 'bearer' ? '' : access.why,
    })),
  )
}
