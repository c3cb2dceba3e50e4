/**
 * The address of the portal and what it carries for pages without scripts: where the person is and what was said at the last call.
 * Nothing of it is believed: a place must be possible in the flow, an error is one of a list, and texts come from that list only.
 */
import { CSRF } from '@countersign/protocol/openid/sign-in.ts'
import { KNOWN_ERRORS, type Told } from '@countersign/protocol/portal/notices.ts'
import { LONGEST_PLACE } from '@countersign/protocol/portal/place.ts'
import { RULES } from '@countersign/protocol/portal/rules.ts'
import { type Static, Type } from 'typebox'

const member = (maxLength: number, description: string) => Type.Optional(Type.String({ maxLength, description }))

export const portalQuery = Type.Object(
  {
    request_uri: member(64, 'From `par` or `login`.'),
    theme_id: member(128, 'As `login` wrote it; the theme of the login is shown.'),
    at: member(LONGEST_PLACE, 'Pages without scripts: which screen.'),
    error: member(64, 'Pages without scripts: what the last call answered.'),
    retries_left: member(4, 'Pages without scripts: wrong tries that are left.'),
    broken: member(256, 'Pages without scripts: rules that a new password broke.'),
    number: member(4, 'Pages without scripts: what is typed on the phone.'),
    sent: member(8, 'Pages without scripts: by which road a code is on its way.'),
    done: member(16, 'Pages without scripts: `changed` or `reset`.'),
    again: member(1, 'This visit came from a page of ours.'),
  },
  { additionalProperties: true },
)
export type PortalQuery = Static<typeof portalQuery>

/** A user name that was typed without scripts, and where it leads. */
export const nameRequest = Type.Object(
  {
    request_uri: Type.String({ maxLength: 64 }),
    username: member(255, 'What the person signs in with.'),
    at: member(LONGEST_PLACE, 'Which screen.'),
    [CSRF]: member(64, 'The value of the page.'),
  },
  { additionalProperties: true },
)

type Parameters = Readonly<Record<string, string | undefined>>

/** `base`: `https://host/{tenant}/authn`. */
export function portalAddress(base: string, requestUri: string, parameters: Parameters = {}): string {
  const query = new URLSearchParams({ request_uri: requestUri })
  for (const [name, value] of Object.entries(parameters)) if (value) query.set(name, value)
  return `${base}/portal?${query}`
}

const DONE: Readonly<Record<string, string>> = { password_change: 'changed', password_reset: 'reset' }
/** Nothing was wrong: the next step is shown. */
const ONWARD = ['step_up_required', 'consent_required']

/** Where a form that was sent without scripts goes back to, and what is said there: fields of the form and members of the answer. */
export function backTo(
  form: Readonly<Record<string, unknown>>,
  { status, body }: { readonly status: number; readonly body: Readonly<Record<string, unknown>> },
): Parameters {
  const { error } = body
  if (ONWARD.some(one => one === error)) return {}
  const well = status === 200
  return {
    at: text(well ? form.after : form.at),
    sent: text(body.sent),
    done: well ? DONE[text(form.grant_type) ?? ''] : undefined,
    error: text(error),
    retries_left: text(body.retries_left),
    number: text(body.number),
    broken: Array.isArray(body.broken) ? body.broken.join(' ') : undefined,
  }
}

const text = (value: unknown): string | undefined =>
  typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, LONGEST_PLACE) : undefined

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
