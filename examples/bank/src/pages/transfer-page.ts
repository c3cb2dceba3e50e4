/** A transfer: while it waits the digits to be typed on the phone, afterwards a receipt of what was signed, or why nothing was moved. */
import type { Transfer, TransferState } from '../bank.ts'
import { facts, type Page } from './frame.ts'
import { type Html, html } from './html.ts'

export interface TransferView {
  readonly transfer: Transfer
  readonly approveUrl: string
  readonly now_ms: number
}

export function transferPage(view: TransferView): Page {
  const { transfer } = view
  const { state, id } = transfer
  const [title, content] = shown(view, state)
  return {
    title,
    content: html`<p class="back"><a href="${transfer.home}">${transfer.customer.name}</a></p>
${content}`,
    ...(state.name === 'waiting' ? { live: { at: `/transfers/${id}/state`, state: state.name } } : {}),
  }
}

function shown(view: TransferView, state: TransferState): readonly [string, Html] {
  const { name } = view.transfer.customer
  switch (state.name) {
    case 'waiting':
      return [`Waiting for ${name}`, waiting(view)]
    case 'sent':
      return ['Transfer sent', sent(view.transfer, state)]
    case 'expired':
      return [
        'No answer in time',
        ended(view, 'No answer in time', html`<p>Nobody answered on the phone. Nothing was transferred.</p>`),
      ]
    case 'stopped':
      return [
        'Transfer stopped',
        ended(
          view,
          'Transfer stopped',
          html`<p>The approval could not be verified: ${state.why}. Nothing was transferred.</p>`,
        ),
      ]
    case 'declined':
      return state.reported
        ? [
            'Reported by the customer',
            ended(
              view,
              'Reported by the customer',
              html`<p>${name} reported this transfer as not their own. Nothing was transferred,
and approvals are blocked for a while. Call ${name} before you go on.</p>`,
            ),
          ]
        : [
            'Declined',
            ended(
              view,
              'Declined',
              html`<p>It was declined on the phone, or another number was typed. Nothing was transferred.</p>`,
            ),
          ]
  }
}

function order({ order: { payee, amount, reference } }: Transfer): Html {
  return facts([
    ['Payee', payee],
    ['Amount', amount],
    ['Reference', reference],
  ])
}

function waiting({ transfer, approveUrl, now_ms }: TransferView): Html {
  const left = Math.max(0, Math.round((transfer.until_ms - now_ms) / 1000))
  return html`<h1 tabindex="-1">Waiting for ${transfer.customer.name}</h1>
<p class="lead">The transfer is in the approve app now: compare it there, type the number, approve.</p>
<div class="columns">
<section class="card number" aria-labelledby="digits">
<h2 id="digits">Type this number in the approve app</h2>
<p class="digits">${transfer.number}</p>
<p>It proves that the phone answers this counter and no other.</p>
<p><a class="button" href="${approveUrl}/" target="approve" rel="noopener">Open the approve app</a></p>
<p class="left">Time left: <span role="timer" data-left="${left}">${left} seconds</span></p>
</section>
<section class="card" aria-labelledby="asked">
<h2 id="asked">What will be signed</h2>
${order(transfer)}
</section>
</div>`
}

function sent(transfer: Transfer, { statement, phone, at_ms }: Extract<TransferState, { name: 'sent' }>): Html {
  return html`<h1 class="good" tabindex="-1">Transfer sent</h1>
<p class="lead">${transfer.order.amount} to ${transfer.order.payee}, approved by ${transfer.customer.name}.</p>
<section class="card receipt" aria-labelledby="receipt">
<h2 id="receipt">Receipt: what was signed</h2>
${order(transfer)}
<h3>By whom</h3>
${facts([
  ['Customer', transfer.customer.id],
  ['Phone', `${phone} (device ${statement.device})`],
  ['Time', `${new Date(at_ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`],
  ['Counter', String(statement.counter)],
  ['Signature', `${statement.algorithm}, verified by the bank`],
  ['Key', html`<code>${statement.thumbprint}</code>`],
])}
<details><summary>The signature itself</summary><p class="jws" tabindex="0"><code>${statement.jws}</code></p></details>
</section>`
}

function ended({ transfer }: TransferView, title: string, why: Html): Html {
  return html`<h1 class="bad" tabindex="-1">${title}</h1>
<div class="lead">${why}</div>
<section class="card" aria-labelledby="asked">
<h2 id="asked">What was asked</h2>
${order(transfer)}
<p><a class="button" href="${transfer.home}">Back to ${transfer.customer.name}</a></p>
</section>`
}
