/**
 * A group (`UG_*`): the one place in the tree where a user stands. SCIM Group with the extension GroupParent (RFC 7643
 * section 4.2). The surprise: a user is in exactly one group, and a group lists sub-groups, never its users.
 */
export interface Group {
  readonly code: string
  readonly name: string
  /** Code of the group above; a root has none. */
  readonly parent?: string
}
