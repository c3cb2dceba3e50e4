/**
 * A user attribute type (`FIRSTNAME`, `ATR_MOBILE` …): what the UserAttribute extension may hold besides custom codes.
 * User/AttributeType of the configuration API. The surprise: some are the same value as a member of the SCIM core user,
 * so that either may be written and both are read.
 */
export interface AttributeType {
  readonly code: string
  readonly name: string
  readonly encrypted: boolean
  readonly predefined: boolean
  /** Only custom types may become so, and never go back. */
  readonly multiValued: boolean
  /** Path of the core member that is the same value: `name.givenName`, `emails[0].value`. */
  readonly core?: string
}
