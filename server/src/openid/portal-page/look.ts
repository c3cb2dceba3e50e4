/**
 * How a theme makes the portal look: gradient, logo, where the card stands, a picture behind it. Read from a document that somebody wrote:
 * what is not understood falls back, and pictures are data of three kinds, never an address elsewhere.
 * Surprise: the gradient is drawn by SVG attributes, because the policy of the page allows no inline style; so it also shows without scripts.
 */
import { readColour, type TextOn, textOn } from '#openid/portal-page/colour.ts'
import { type Html, html } from '#openid/portal-page/html.ts'

export interface Look {
  readonly start: string
  readonly end: string
  readonly textOn: TextOn
  readonly logo: string | undefined
  readonly position: 'left' | 'center' | 'right'
  readonly background: string | undefined
}

const START = '#0b5d4e'
const END = '#14304f'
const PICTURE = /^data:image\/(?:png|jpe?g|gif);base64,[A-Za-z0-9+/]+={0,2}$/
const BARE = /^[A-Za-z0-9+/]{16,}={0,2}$/

export function readLook(theme: unknown): Look {
  const portal = members(members(members(theme).ui).hid_portal)
  const start = readColour(portal['gradient-start'])
  const end = readColour(portal['gradient-end'])
  const from = start ?? end ?? START
  const to = end ?? start ?? END
  const position = (['left', 'center'] as const).find(one => one === portal['login-position']) ?? 'right'
  const background = position === 'center' ? picture(portal['login-background']) : undefined
  return {
    start: from,
    end: to,
    // What a picture shows is not known.
    textOn: background === undefined ? textOn(from, to) : 'plate',
    logo: picture(portal.logo),
    position,
    background,
  }
}

/** A data URI, or bare Base64 whose first bytes say what it is. */
function picture(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  if (PICTURE.test(value)) return value
  if (!BARE.test(value)) return undefined
  const type = value.startsWith('iVBORw0KGgo') ? 'png' : value.startsWith('/9j/') ? 'jpeg' : undefined
  const known = type ?? (value.startsWith('R0lGOD') ? 'gif' : undefined)
  return known === undefined ? undefined : `data:image/${known};base64,${value}`
}

export const groundHtml = ({
  start,
  end,
  background,
}: Look): Html => html`<svg class="ground" aria-hidden="true" focusable="false" preserveAspectRatio="none" viewBox="0 0 1 1">
<defs><linearGradient id="gradient" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="${start}"/><stop offset="1" stop-color="${end}"/></linearGradient></defs>
<rect width="1" height="1" fill="url(#gradient)"/></svg>${background === undefined ? '' : html`<img class="ground" src="${background}" alt="">`}`

const members = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
