/** What every page of the bank has around it. A page that waits says so in `live`: the script asks for its state, and without script it loads again. */
import { type Html, html } from './html.ts'

export interface Page {
  readonly title: string
  readonly content: Html
  /** Address of the state that this page shows, and that state. */
  readonly live?: { readonly at: string; readonly state: string }
}

export function framed({ title, content, live }: Page): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Kestrel Bank</title>
<link rel="icon" href="/kestrel.svg" type="image/svg+xml">
<link rel="stylesheet" href="/bank.css">
<link rel="stylesheet" href="/pieces.css">
<script type="module" src="/live.js"></script>
${live && html`<noscript><meta http-equiv="refresh" content="4"></noscript>`}
</head>
<body>
<a class="skip" href="#content">Skip to content</a>
<header>
<a class="brand" href="/"><img src="/kestrel.svg" alt="" width="40" height="40"><span>Kestrel Bank</span></a>
<nav class="place" aria-label="Places"><a href="/">Counter</a> <a href="/account">Online banking</a></nav>
</header>
<main id="content" tabindex="-1"${live && html` data-live="${live.at}" data-state="${live.state}"`}>
${content}
</main>
<footer><p>An example of an application that has its customers approve with Countersign. No money moves here.</p></footer>
</body>
</html>
`.text
}

/** Names and values of what is asked, ordered, signed. */
export const facts = (rows: readonly (readonly [string, string | Html])[]): Html =>
  html`<dl class="facts">${rows.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`
