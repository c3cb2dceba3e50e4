/**
 * The page around a screen: the ground and the brand of the theme, the card, and for scripts what they start from. Everything stands
 * in files of this origin or in attributes; the policy of the page allows nothing else.
 */
import type { Wording } from '@countersign/protocol/portal/wording.ts'
import { type Html, html, jsonText } from '#openid/portal-page/html.ts'
import { groundHtml, type Look } from '#openid/portal-page/look.ts'

/** Addresses of the built files; without them the page works, unstyled or without scripts. */
export interface PortalFiles {
  readonly script: string | undefined
  readonly style: string | undefined
}

export interface PortalDocument {
  readonly title: string
  readonly content: Html
  readonly wording: Wording
  readonly look: Look
  readonly files: PortalFiles
  /** What the scripts start from; absent: no script is loaded. */
  readonly boot?: Boot | undefined
  /** Where the browser goes at once, by itself. */
  readonly onward?: string | undefined
}

export interface Boot {
  readonly requestUri: string
  readonly csrf: string
  readonly base: string
  readonly themeId?: string | undefined
  readonly languages: readonly string[]
  readonly client: string
  /** The client named the person. */
  readonly user?: string | undefined
  /** Who is meant, as somebody typed it in a form of the page before, and the screen that is shown. */
  readonly typed?: string | undefined
  readonly at?: string | undefined
}

export function portalDocument({ title, content, wording, look, files, boot, onward }: PortalDocument): string {
  const { language, direction, say } = wording
  const service = say('service_name')
  return html`<!doctype html>
<html lang="${language}" dir="${direction}" class="at-${look.position} text-${look.textOn}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${service === '' ? title : `${title} · ${service}`}</title>
${onward === undefined ? '' : html`<meta http-equiv="refresh" content="0; url=${onward}">`}
${files.style === undefined ? '' : html`<link rel="stylesheet" href="${files.style}">`}
${boot === undefined || files.script === undefined ? '' : html`<script type="module" src="${files.script}"></script>`}
</head>
<body>
${groundHtml(look)}
<div class="frame">
${brandHtml(wording, look)}
<main class="sheet" id="portal">
${content}
</main>
</div>
${boot === undefined ? '' : html`<script type="application/json" id="boot">${jsonText(boot)}</script>`}
</body>
</html>
`.text
}

function brandHtml({ say }: Wording, { logo }: Look): Html {
  const company = say('company_name')
  const service = say('service_name')
  const tagline = say('service_tagline')
  return html`<header class="mark">
${logo === undefined ? '' : html`<img class="logo" src="${logo}" alt="${company === '' ? service : company}">`}
<div>${company === '' ? '' : html`<p class="company">${company}</p>`}${service === '' ? '' : html`<p class="name">${service}</p>`}${tagline === '' ? '' : html`<p class="tagline">${tagline}</p>`}</div>
</header>`
}
