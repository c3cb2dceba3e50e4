/**
 * The pages of the portal as text: the step of a login, the detour of an arrival from another site, and that of a browser to which the login
 * does not belong. Pure; what they show is decided by the same rules as in the page with scripts.
 */
import { type Flow, readFlow } from '@countersign/protocol/portal/flow.ts'
import { noticeOf } from '@countersign/protocol/portal/notices.ts'
import { type Place, placeText, readPlace } from '@countersign/protocol/portal/place.ts'
import type { Notice, Sharing } from '@countersign/protocol/portal/screen.ts'
import { screenOf } from '@countersign/protocol/portal/screen-of.ts'
import { type Say, wordingOf } from '@countersign/protocol/portal/wording.ts'
import { brokenIn, numberIn, type PortalQuery, toldIn } from '#openid/portal-page/address.ts'
import { type PortalFiles, portalDocument } from '#openid/portal-page/document.ts'
import { html } from '#openid/portal-page/html.ts'
import { readLook } from '#openid/portal-page/look.ts'
import { addressOf, screenHtml } from '#openid/portal-page/screen-html.ts'

/** Of a login that belongs to the browser that asks. */
export interface Visit {
  readonly requestUri: string
  readonly csrf: string
  readonly clientName: string
  readonly themeId: string | undefined
  /** The payload of its theme, whatever stands in it. */
  readonly theme: unknown
  /** The answer of `flow`. */
  readonly flow: unknown
  /** The person whom the client named in its request. */
  readonly named: string | undefined
  /** Typed on the page before. */
  readonly typed?: string | undefined
  /** In the step `consent`. */
  readonly sharings?: readonly Sharing[] | undefined
}

/** Whoever looks at it, and where it stands. */
export interface Reader {
  readonly languages: readonly string[]
  /** `/{tenant}/authn/` */
  readonly base: string
  readonly files: PortalFiles
}

type Said = Omit<PortalQuery, 'request_uri'>

export function portalPage(visit: Visit, said: Said, { languages, base, files }: Reader): string {
  const wording = wordingOf(languages, visit.theme)
  const { say, language } = wording
  const flow = readFlow(visit.flow)
  const username = visit.named ?? visit.typed
  const shown = placeNow(said, flow, username)
  const told = toldIn(said as PortalQuery)
  const now = {
    client: visit.clientName,
    username,
    named: visit.named !== undefined,
    notice: (told && noticeOf(told, shown, flow, say, language)) ?? done(said.done, say),
    broken: brokenIn(said.broken),
    number: numberIn(said.number),
    sharings: visit.sharings,
  }
  const screen = screenOf(shown, { flow, say, language, now })
  const paths = { base, requestUri: visit.requestUri, csrf: visit.csrf, typed: visit.typed }
  return portalDocument({
    title: screen.title,
    content: screenHtml(screen, paths, say),
    wording,
    look: readLook(visit.theme),
    files,
    boot: {
      requestUri: visit.requestUri,
      csrf: visit.csrf,
      base,
      themeId: visit.themeId,
      languages,
      client: visit.clientName,
      user: visit.named,
      typed: visit.typed,
      at: placeText(shown),
    },
    onward: shown.at === 'end' ? addressOf(shown, paths) : undefined,
  })
}

/** An expired password was right: what follows is its change. A phone that is being asked is waited for. */
function placeNow({ at, error, sent }: Said, flow: Flow, username: string | undefined): Place {
  const place = readPlace(at, flow, username)
  if (!('factor' in place)) return place
  if ((sent === 'email' || sent === 'sms') && (place.at === 'code' || place.at === 'reset')) return { ...place, sent }
  if (error === 'password_change_required') return readPlace(`change:${place.factor}`, flow, username)
  return error === 'authorization_pending' ? readPlace(`wait:${place.factor}`, flow, username) : place
}

function done(word: string | undefined, say: Say): Notice | undefined {
  if (word === 'changed') return { tone: 'success', text: say('action.change_password.done') }
  return word === 'reset' ? { tone: 'success', text: say('action.reset_password.done') } : undefined
}

/**
 * No cookie came: an arrival from another site does not send one. The page embeds nothing and goes on to itself, then as a visit
 * from this site; the link is for browsers that do not.
 */
export function awayPage(requestUri: string, { languages, base, files }: Reader): string {
  const wording = wordingOf(languages, undefined)
  const { say } = wording
  const onward = `${base}portal?${new URLSearchParams({ request_uri: requestUri, again: '1' })}`
  return portalDocument({
    title: say('away.title'),
    content: html`<h1>${say('away.title')}</h1>
<p class="lead">${say('away.lead')}</p>
<div class="ways"><a class="button primary" href="${onward}">${say('away.go_on')}</a></div>`,
    wording,
    look: readLook(undefined),
    files,
    onward,
  })
}

/** The login is unknown, over, or of another browser; which one is not told. */
export function strangerPage({ languages, files }: Reader): string {
  const wording = wordingOf(languages, undefined)
  const { say } = wording
  return portalDocument({
    title: say('stranger.title'),
    content: html`<h1>${say('stranger.title')}</h1>
<p class="lead">${say('stranger.lead')}</p>`,
    wording,
    look: readLook(undefined),
    files,
  })
}
