/** An invitation in its forms: a link for this browser, a QR code for a phone, three things to type. Later: that the phone is registered. */
import { encode } from 'uqr'
import type { Enrolment } from '../bank.ts'
import { facts, type Page } from './frame.ts'
import { Html, html } from './html.ts'

export interface EnrolmentView {
  readonly enrolment: Enrolment
  readonly approveUrl: string
}

export function enrolmentPage({ enrolment, approveUrl }: EnrolmentView): Page {
  const { customer, state, id, message, home } = enrolment
  const back = html`<p class="back"><a href="${home}">${customer.name}</a></p>`
  if (state.name === 'invited') {
    return {
      title: `A phone for ${customer.name}`,
      content: html`${back}${invitation(message, approveUrl, customer.name)}`,
      live: { at: `/enrolments/${id}/state`, state: state.name },
    }
  }
  const [title, content] = state.name === 'enrolled' ? enrolled(state.phone, customer.name, home) : over(home)
  return { title, content: html`${back}${content}` }
}

function invitation(message: string, approveUrl: string, name: string): Html {
  const { uid, url, pss } = JSON.parse(message) as { uid: string; url: string; pss: string }
  const link = `${approveUrl}/#invite=${Buffer.from(message).toString('base64url')}`
  return html`<h1 tabindex="-1">A phone for ${name}</h1>
<p class="lead">Use one of these ways. This page goes on by itself when the phone is registered.</p>
<div class="columns">
<section class="card first" aria-labelledby="here">
<h2 id="here">In this browser</h2>
<p>The approve app opens in another tab and plays the phone. Add the account there, then come back.</p>
<p><a class="button primary" href="${link}" target="approve" rel="noopener">Open the approve app</a></p>
<div class="field"><label for="link">Or take the link elsewhere</label>
<textarea id="link" readonly rows="3" spellcheck="false">${link}</textarea></div>
<p><button type="button" data-copy="link" hidden>Copy the link</button> <span role="status" data-copied></span></p>
</section>
<section class="card" aria-labelledby="scan">
<h2 id="scan">Scan</h2>
<p>In the approve app: <em>Add an account</em>, then <em>Scan the QR code</em>.</p>
${qrCode(message)}
</section>
<section class="card" aria-labelledby="type">
<h2 id="type">Type</h2>
<p>In the approve app: <em>Add an account</em>, then <em>Type it in</em>.</p>
${facts([
  ['User ID', html`<code>${uid}</code>`],
  ['Invite code', html`<code>${Buffer.from(pss, 'base64').toString()}</code>`],
  ['Service', html`<code>${url}</code>`],
])}
</section>
</div>`
}

const enrolled = (phone: string, name: string, home: string) =>
  [
    'Phone registered',
    html`<h1 class="good" tabindex="-1">Phone registered</h1>
<p class="lead">${name} can now approve with <strong>${phone}</strong>.</p>
<p><a class="button primary" href="${home}">Make a transfer</a></p>`,
  ] as const

const over = (home: string) =>
  [
    'Invitation over',
    html`<h1 class="bad" tabindex="-1">This invitation is over</h1>
<p class="lead">It was not used in time, or a newer one took its place.</p>
<form method="post" action="${home}/enrolments"><button class="primary">Make a new invitation</button></form>`,
  ] as const

/** One path, so that no line shows between its squares; black on white in every colour scheme, as cameras want it. */
function qrCode(text: string): Html {
  const { data, size } = encode(text, { border: 4 })
  const squares = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : [])))
  return new Html(
    `<svg class="qr" role="img" aria-label="QR code of the invitation" viewBox="0 0 ${size} ${size}" shape-rendering="crispEdges">` +
      `<path class="light" d="M0 0h${size}v${size}h-${size}z"/><path d="${squares.join('')}"/></svg>`,
  )
}
