/**
 * A permission set (`FS_*`): functions of the reference, each with its scope. SCIM PermissionSets resource, readable.
 * The surprise: what a caller may do is decided by the table in permission.ts; a set describes, it does not decide.
 */
export interface PermissionSet {
  readonly code: string
  readonly name: string
  readonly items: readonly {
    /** The reference's function code: `M_U_ROLES`. */
    readonly function: string
    /** Its scope; on the wire joined by `|`. */
    readonly scope: readonly string[]
  }[]
}
