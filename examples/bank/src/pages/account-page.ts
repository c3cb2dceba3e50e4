/** The page of somebody who is signed in: how he proved himself, what the bank was told, and what he may do. */
import type { Bank } from '../bank.ts'
import type { Session } from '../sign-in.ts'
import { transferList } from './counter-page.ts'
import { type CustomerView, deeds } from './customer-page.ts'
import { facts, type Page } from './frame.ts'
import { html } from './html.ts'

export function accountPage({ transfers }: Bank, session: Session, view: CustomerView): Page {
  const { name, subject, way, acr, amr, at_ms, shared } = session
  const own = transfers.all().filter(one => one.customer.id === subject)
  return {
    title: `Account of ${name}`,
    content: html`<h1 tabindex="-1">Welcome, ${name}</h1>
<p class="lead">You are signed in.</p>
${view.notice !== undefined && html`<div class="notice" role="alert"><p>${view.notice}</p></div>`}
<section class="card receipt" aria-labelledby="how">
<h2 id="how">This sign-in</h2>
${facts([
  ['User', subject],
  ['Way', way],
  ['Proved by', amr.length === 0 ? 'not told' : amr.map(one => METHODS.get(one) ?? one).join(', ')],
  ['amr', html`<code>${amr.join(' ')}</code>`],
  ['acr', html`<code>${acr === '' ? 'none' : acr}</code>`],
  ['Time', `${new Date(at_ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`],
  [
    'Shared',
    shared.length === 0 ? 'nothing but the user' : shared.map(([label, value]) => `${label}: ${value}`).join('; '),
  ],
])}
<form method="post" action="/account/sign-out"><button>Sign out</button></form>
</section>
<section aria-label="Transfers">
${deeds(view)}
</section>
${own.length > 0 && html`<section aria-labelledby="last"><h2 id="last">Your transfers</h2>${transferList(own.slice(0, 5))}</section>`}`,
  }
}

/** RFC 8176 section 2. */
const METHODS: ReadonlyMap<string, string> = new Map([
  ['pwd', 'password'],
  ['otp', 'one-time code'],
  ['sms', 'code by SMS'],
  ['swk', 'key of a phone'],
  ['hwk', 'key in hardware'],
  ['pop', 'a key'],
  ['mfa', 'several factors'],
  ['user', 'presence'],
  ['pin', 'PIN'],
])
