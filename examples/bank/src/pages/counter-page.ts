/** The counter: who is there, and what was done last. */
import type { Bank, Transfer, TransferState } from '../bank.ts'
import type { Page } from './frame.ts'
import { type Html, html } from './html.ts'

const SHOWN = 8

export function counterPage({ configuration, transfers }: Bank): Page {
  const last = transfers.all().slice(0, SHOWN)
  return {
    title: 'Counter',
    content: html`<h1>Who is at the counter?</h1>
<p class="lead">Choose a customer to enrol a phone or to make a transfer. Every transfer is approved on the customer’s own phone.</p>
<ul class="customers">
${configuration.customers.map(
  ({ id, name }, at) =>
    html`<li><a href="/customers/${at}"><span class="initial" aria-hidden="true">${name.charAt(0)}</span><span><strong>${name}</strong><small>${id}</small></span></a></li>\n`,
)}</ul>
${last.length > 0 && html`<section aria-labelledby="last"><h2 id="last">Last transfers</h2>${transferList(last)}</section>`}`,
  }
}

const wordFor = (state: TransferState) => (state.name === 'declined' && state.reported ? 'Reported' : WORDS[state.name])
const WORDS = {
  waiting: 'Waiting',
  sent: 'Sent',
  declined: 'Declined',
  expired: 'No answer',
  stopped: 'Stopped',
} as const

export const transferList = (transfers: readonly Transfer[]): Html =>
  html`<ul class="transfers">${transfers.map(
    ({ id, order, customer, state }) =>
      html`<li><a href="/transfers/${id}"><span><strong>${order.amount}</strong> to ${order.payee}<small>${customer.name} · ${order.reference}</small></span><span class="state ${state.name}">${wordFor(state)}</span></a></li>`,
  )}</ul>`
