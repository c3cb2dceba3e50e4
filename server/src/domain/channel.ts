/**
 * A channel (`CH_*`): the road by which a user reaches the organisation. Policies list where they are valid, requests
 * name one in `channel` (or their client's default stands), audit keeps it as CHC.
 */
export interface Channel {
  readonly code: string
  readonly name: string
  readonly kind: 'generic' | 'radius'
}
