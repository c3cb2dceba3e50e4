/**
 * A role (`RL_*`): what a caller is, from which its permissions follow. SCIM Roles resource; end users have none.
 */
export interface Role {
  readonly code: string
  readonly name: string
  /** A stock role: it can be neither changed nor deleted. */
  readonly readOnly: boolean
}
