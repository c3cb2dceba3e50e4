/**
 * A filter as its author wrote it: the tree behind `externalId eq "x" and not (active eq false)` (RFC 7644 section 3.4.2.2).
 * Values stay text, because `0973494699-1` and 00042 are serial numbers and no numbers: what a value means is decided by
 * the attribute it stands beside. Bare and quoted values mean the same but for the bare words true, false and null.
 */
export type FilterOperator = 'eq' | 'ne' | 'co' | 'sw' | 'ew' | 'gt' | 'ge' | 'lt' | 'le'

export interface FilterValue {
  readonly text: string
  readonly quoted: boolean
}

export interface Comparison {
  readonly kind: 'compare'
  readonly attribute: string
  readonly operator: FilterOperator
  readonly value: FilterValue
  /** The value of an `eq` or `ne` ends in `*`: on attributes that allow it, it means "starts with". */
  readonly wildcard?: true
}

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | { readonly kind: 'not'; readonly part: Filter }
  | { readonly kind: 'present'; readonly attribute: string }
  | Comparison
