/**
 * A screen of the portal as markup that works without scripts: links between screens, one form whose names are those of the wire. The
 * page with scripts draws the same screen into the same element (web/portal).
 */
import { type Place, placeText } from '@countersign/protocol/portal/place.ts'
import type { Field, Form, FormButton, Notice, Screen, ShownRule, Way } from '@countersign/protocol/portal/screen.ts'
import type { Say } from '@countersign/protocol/portal/wording.ts'
import { attribute, type Html, html } from '#openid/portal-page/html.ts'

/** Of one login, as its page needs it in links and forms. */
export interface Paths {
  /** `/{tenant}/authn/` */
  readonly base: string
  readonly requestUri: string
  readonly csrf: string
  /** A user name that was typed on the page before: it stays in forms, and out of addresses. */
  readonly typed?: string | undefined
}

export function screenHtml(screen: Screen, paths: Paths, say: Say): Html {
  const { title, lead, who, notice, sharings, waiting, choices = [], form, lacks, ways, out } = screen
  return html`<h1 tabindex="-1">${title}</h1>
${lead === undefined ? '' : html`<p class="lead">${lead}</p>`}
${who === undefined ? '' : html`<p class="who"><span>${say('signing_in_as')} <strong>${who.name}</strong></span>${who.change && link(who.change, { ...paths, typed: undefined })}</p>`}
${notice && noticeHtml(notice)}
${waiting?.number === undefined ? '' : html`<p class="number"><span>${waiting.hint}</span> <strong>${waiting.number}</strong></p>`}
${sharings === undefined ? '' : html`<ul class="sharings">${sharings.map(({ description }) => html`<li>${description}</li>`)}</ul>`}
${choices.length === 0 ? '' : around(paths, html`<ul class="rows">${choices.map(way => html`<li>${row(way, paths)}</li>`)}</ul>`)}
${lacks === undefined ? form && formHtml(form, paths, say) : html`<div class="late">${noticeHtml({ tone: 'warning', text: lacks })}</div>`}
${ways.length === 0 ? '' : around(paths, html`<div class="ways">${ways.map(way => link(way, paths))}</div>`)}
${out && html`<form class="out" method="post" action="${paths.base}code">${hidden({ request_uri: paths.requestUri, 'server-csrf-token': paths.csrf, grant_type: 'cancel' })}<button class="button text" type="submit">${out.label}</button></form>`}`
}

export function noticeHtml({ tone, text }: Notice): Html {
  return html`<p class="notice ${tone}" role="${tone === 'error' || tone === 'warning' ? 'alert' : 'status'}">${text}</p>`
}

function formHtml(
  { action, values, place, after, fields, devices, rules, buttons }: Form,
  paths: Paths,
  say: Say,
): Html {
  const own = {
    request_uri: paths.requestUri,
    'server-csrf-token': paths.csrf,
    ...(action === 'portal' ? {} : { at: placeText(place) }),
    ...(after === undefined ? {} : { after: placeText(after) }),
  }
  const { username, ...others } = values
  const named = username === undefined || fields.some(({ name }) => name === 'username')
  return html`<form class="step" method="post" action="${paths.base}${action}">${hidden({ ...own, ...others })}
${named ? '' : html`<input class="unseen" type="text" name="username" value="${username}" autocomplete="username" aria-label="${say('userid.label')}" tabindex="-1" readonly>`}
${devices === undefined ? '' : devicesHtml(devices)}
${fields.map((field, at) => fieldHtml(field, at === 0, rules !== undefined && field.name === 'new_password'))}
${rules && rulesHtml(rules.shown, say)}
<div class="actions">${buttons.map(buttonHtml)}</div></form>`
}

export function fieldHtml(
  { name, label, kind, autocomplete, most, value }: Field,
  focused: boolean,
  ruled: boolean,
): Html {
  const type = kind === 'password' ? 'password' : 'text'
  return html`<div class="field${kind === 'code' ? ' figures' : ''}"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" maxlength="${most}" autocapitalize="off" spellcheck="false" required${attribute('inputmode', kind === 'code' ? 'numeric' : undefined)}${attribute('value', value)}${attribute('aria-describedby', ruled ? 'rules' : undefined)}${attribute('autofocus', focused ? true : undefined)}></div>`
}

export function rulesHtml(rules: readonly ShownRule[], say: Say): Html {
  const rows = rules.map(
    ({ text, broken }) =>
      html`<li${attribute('class', broken ? 'broken' : undefined)}>${text}${broken ? html`<span class="unseen"> (${say('rule.broken')})</span>` : ''}</li>`,
  )
  return rows.length === 0
    ? html``
    : html`<div class="rules" id="rules"><p>${say('rules.title')}</p><ul>${rows}</ul></div>`
}

function devicesHtml({ label, options }: NonNullable<Form['devices']>): Html {
  const rows = options.map(
    ({ id, name }, at) =>
      html`<label class="option"><input type="radio" name="device_id" value="${id}"${attribute('checked', at === 0 ? true : undefined)}> <span>${name}</span></label>`,
  )
  return html`<fieldset class="options"><legend>${label}</legend>${rows}</fieldset>`
}

function buttonHtml({ label, primary, sends }: FormButton): Html {
  return html`<button class="button${primary ? ' primary' : ''}" type="submit"${attribute('name', sends?.name)}${attribute('value', sends?.value)}>${label}</button>`
}

const hidden = (values: Readonly<Record<string, string>>): Html[] =>
  Object.entries(values).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)

/** Ways that keep a typed name are buttons of a form. */
function around({ base, requestUri, csrf, typed }: Paths, ways: Html): Html {
  if (typed === undefined) return ways
  const kept = { request_uri: requestUri, 'server-csrf-token': csrf, username: typed }
  return html`<form method="post" action="${base}portal">${hidden(kept)}${ways}</form>`
}

function link(way: Way, paths: Paths): Html {
  return step(way, paths, way.look === 'primary' ? 'button primary' : 'way', html`${way.label}`)
}

function row(way: Way, paths: Paths): Html {
  const hint = way.hint === undefined ? '' : html`<span class="quiet">${way.hint}</span>`
  return step(way, paths, 'row', html`<span class="grow"><strong>${way.label}</strong>${hint}</span>`)
}

function step({ place }: Way, paths: Paths, look: string, content: Html): Html {
  if (paths.typed === undefined || place.at === 'end') {
    return html`<a class="${look}" href="${addressOf(place, paths)}">${content}</a>`
  }
  return html`<button class="${look}" type="submit" name="at" value="${placeText(place)}">${content}</button>`
}

/** The end is the application's; every other place is this page. */
export function addressOf(place: Place, { base, requestUri }: Pick<Paths, 'base' | 'requestUri'>): string {
  const query = new URLSearchParams({ request_uri: requestUri })
  if (place.at === 'end') return `${base}code?${query}`
  query.set('at', placeText(place))
  return `${base}portal?${query}`
}
