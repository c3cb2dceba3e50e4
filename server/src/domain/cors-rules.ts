/** Whose pages may read answers of this tenant's doors (WHATWG Fetch, section 3.2). One document per tenant. */
export interface CorsRules {
  readonly code: 'CORS'
  /** Counts the changes of a document of the tenant's own; a stock document has none. */
  readonly version?: number
  /** As a browser writes them, without a path: `https://portal.example`. */
  readonly origins: readonly string[]
}

export const NO_CORS_RULES: CorsRules = { code: 'CORS', origins: [] }
