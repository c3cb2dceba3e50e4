/**
 * The address of the portal and what it carries for pages without scripts: where the person is and what was said at the last call.
 * Nothing of it is believed: a place must be possible in the flow, an error is one of a list, and texts come from that list only.
 */
import { KNOWN_ERRORS, type Told } from '@countersign/protocol/portal/notices.ts'
import { LONGEST_PLACE } from '@countersign/protocol/portal/place.ts'
import { RULES } from '@countersign/protocol/portal/rules.ts'
import { type Static, Type } from 'typebox'

const text = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }))

export const portalQuery = Type.Object(
  {
    request_uri: Type.String({ maxLength: 64, description: 'From `par` or `login`.' }),
    theme_id: text(128, 'As `login` wrote it; the theme of the login is shown.'),
    at: text(LONGEST_PLACE, 'Pages without scripts: which screen.'),
    error: text(64, 'Pages without scripts: what the last call answered.'),
    retries_left: text(4, 'Pages without scripts: wrong tries that are left.'),
    broken: text(256, 'Pages without scripts: rules that a new password broke.'),
    number: text(4, 'Pages without scripts: what is typed on the phone.'),
    done: text(16, 'Pages without scripts: `changed` or `reset`.'),
    again: text(1, 'This visit came from a page of ours.'),
  },
  { additionalProperties: true },
)
export type PortalQuery = Static<typeof portalQuery>

export interface Said {
  readonly at?: string | undefined
  readonly error?: string | undefined
  readonly retriesLeft?: number | undefined
  readonly broken?: readonly string[] | undefined
  readonly number?: string | undefined
  readonly done?: 'changed' | 'reset' | undefined
}

/** Where a form that was sent without scripts goes back to. `base`: `https://host/{tenant}/authn`. */
export function portalAddress(base: string, requestUri: string, said: Said = {}): string {
  const query = new URLSearchParams({ request_uri: requestUri })
  const add = (name: string, value: string | number | undefined) => {
    if (value !== undefined && value !== '') query.set(name, String(value))
  }
  add('at', said.at?.slice(0, LONGEST_PLACE))
  add('error', KNOWN_ERRORS.find(one => one === said.error) ?? (said.error === undefined ? undefined : 'server_error'))
  add('retries_left', said.retriesLeft)
  add('broken', said.broken?.filter(one => RULES.some(rule => rule === one)).join(' '))
  add('number', said.number)
  add('done', said.done)
  return `${base}/portal?${query}`
}

export function toldIn({ error, retries_left, broken }: PortalQuery): Told | undefined {
  const known = KNOWN_ERRORS.find(one => one === error)
  if (known === undefined) return undefined
  return {
    error: known,
    ...(/^\d{1,3}$/.test(retries_left ?? '') ? { retriesLeft: Number(retries_left) } : {}),
    broken: brokenIn(broken),
  }
}

export const brokenIn = (text: string | undefined): readonly string[] =>
  text?.split(' ').filter(one => RULES.some(rule => rule === one)) ?? []

export const numberIn = (text: string | undefined): string | undefined =>
  text !== undefined && /^\d{1,4}$/.test(text) ? text : undefined
