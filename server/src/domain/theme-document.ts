/** How the portal looks and what it says, as a tenant keeps it: the payload exactly as it was written. */
export interface ThemeDocument {
  readonly code: string
  /** Counts the changes of a document of the tenant's own; a stock document has none. */
  readonly version?: number
  /** What JSON can say; judged before it was stored. */
  readonly payload: unknown
}

/** The theme where neither workflow nor client names one. */
export const DEFAULT_THEME = 'ID_DEFAULT_THEME'
