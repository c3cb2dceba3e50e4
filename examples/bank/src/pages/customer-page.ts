/** One customer at the counter: his phones, and the form of a transfer. Without a phone the first thing to do is to enrol one. */
import type { Bank, Order } from '../bank.ts'
import type { Customer } from '../configuration.ts'
import type { Phone } from '../scim.ts'
import type { OrderFault } from '../transfers.ts'
import { transferList } from './counter-page.ts'
import type { Page } from './frame.ts'
import { type Html, html } from './html.ts'

export interface CustomerView {
  /** Address of the page. */
  readonly home: string
  readonly customer: Customer
  readonly phones: readonly Phone[]
  readonly entered?: Readonly<Record<keyof Order, string>>
  readonly faults?: readonly OrderFault[]
  /** Why the last order was not taken. */
  readonly notice?: string
}

const EXAMPLE = { payee: 'Rosa Lund', amount: '250.00', reference: 'Rent for December' }

export function customerPage({ transfers }: Bank, view: CustomerView): Page {
  const { customer, notice, faults = [] } = view
  const own = transfers.all().filter(one => one.customer.id === customer.id)
  return {
    title: faults.length > 0 ? `Please check the order · ${customer.name}` : customer.name,
    content: html`<p class="back"><a href="/">All customers</a></p>
<h1>${customer.name}</h1>
<p class="lead">${customer.id}</p>
${notice !== undefined && html`<div class="notice" role="alert"><p>${notice}</p></div>`}
${deeds(view)}
${own.length > 0 && html`<section aria-labelledby="last"><h2 id="last">Transfers of ${customer.name}</h2>${transferList(own.slice(0, 5))}</section>`}`,
  }
}

/** What may be done for somebody: at the counter, or by himself. */
export const deeds = (view: CustomerView): Html => {
  const { home, phones, customer } = view
  return html`<div class="columns">
${phones.length > 0 ? [orderForm(view), phoneCard(home, phones)] : [firstPhone(home, customer), orderForm(view)]}
</div>`
}

const firstPhone = (home: string, { name }: Customer): Html => html`<section class="card first" aria-labelledby="phone">
<h2 id="phone">First, enrol a phone</h2>
<p>${name} has no phone for approvals yet. The approve app on it will show each transfer and sign it.</p>
<form method="post" action="${home}/enrolments"><button class="primary">Enrol a phone</button></form>
</section>`

const phoneCard = (home: string, phones: readonly Phone[]): Html => html`<section class="card" aria-labelledby="phone">
<h2 id="phone">Phones</h2>
<ul class="phones">${phones.map(({ name }) => html`<li>${name}</li>`)}</ul>
<form method="post" action="${home}/enrolments"><button>Enrol another phone</button></form>
</section>`

function orderForm({ home, phones, entered = EXAMPLE, faults = [] }: CustomerView): Html {
  const field = (name: keyof Order, label: string, more: Html) => {
    const fault = faults.find(one => one.field === name)?.fault
    return html`<div class="field"><label for="${name}">${label}</label>
<input id="${name}" name="${name}" value="${entered[name]}" required autocomplete="off" ${more}${
      fault !== undefined && html` aria-invalid="true" aria-describedby="${name}-fault"`
    }>
${fault !== undefined && html`<p class="fault" id="${name}-fault">${fault}</p>`}</div>`
  }
  return html`<section class="card" aria-labelledby="order">
<h2 id="order">New transfer</h2>
<form method="post" action="${home}/transfers">
${field('payee', 'Payee', html`maxlength="60"`)}
${field('amount', 'Amount in EUR', html`maxlength="12" inputmode="decimal"`)}
${field('reference', 'Reference', html`maxlength="60"`)}
<button${phones.length > 0 && html` class="primary"`}>Send to the phone for approval</button>
</form>
</section>`
}
