/** Which page, state or deed stands at an address. Customers are numbered as configured; all else has an id that cannot be guessed. */
import type { Bank, Order } from './bank.ts'
import type { Customer } from './configuration.ts'
import { beginEnrolment } from './enrolments.ts'
import { counterPage } from './pages/counter-page.ts'
import { type CustomerView, customerPage } from './pages/customer-page.ts'
import { enrolmentPage } from './pages/enrolment-page.ts'
import type { Page } from './pages/frame.ts'
import { transferPage } from './pages/transfer-page.ts'
import { openTransfer, readOrder } from './transfers.ts'

export type Done = { readonly goTo: string; readonly cookies?: readonly string[] } | Page
export type Deed = (form: URLSearchParams) => Promise<Done>

export async function pageAt(bank: Bank, path: string): Promise<Page | undefined> {
  if (path === '/') return counterPage(bank)
  const [, kind, id = '', more] = path.split('/')
  // A form that was refused stands at the address of its deed, which may be loaded again.
  if (more !== undefined && kind !== 'customers') return undefined
  const { approveUrl } = bank.configuration
  const transfer = kind === 'transfers' ? bank.transfers.find(id) : undefined
  if (transfer) {
    return transferPage({ transfer, approveUrl, now_ms: bank.now_ms() })
  }
  const enrolment = kind === 'enrolments' ? bank.enrolments.find(id) : undefined
  if (enrolment) return enrolmentPage({ enrolment, approveUrl })
  const customer = kind === 'customers' ? customerAt(bank, id) : undefined
  return customer ? customerPage(bank, await viewOf(bank, customer)) : undefined
}

export function stateAt(bank: Bank, path: string): string | undefined {
  const [, kind, id = '', word] = path.split('/')
  if (word !== 'state') return undefined
  return (kind === 'transfers' ? bank.transfers : kind === 'enrolments' ? bank.enrolments : undefined)?.find(id)?.state
    .name
}

export function deedAt(bank: Bank, path: string): Deed | undefined {
  const [, kind, id = '', deed] = path.split('/')
  const customer = kind === 'customers' ? customerAt(bank, id) : undefined
  if (!customer) return undefined
  const again = async (more: Partial<CustomerView>) =>
    customerPage(bank, { ...(await viewOf(bank, customer)), ...more })
  return deedFor(bank, deed ?? '', { customer, home: homeOf(bank, customer) }, again)
}

type Person = Pick<CustomerView, 'customer' | 'home'>
/** The page of the person, with what was wrong. */
type Again = (more: Partial<CustomerView>) => Promise<Page>

export function deedFor(bank: Bank, deed: string, person: Person, again: Again): Deed | undefined {
  if (deed === 'transfers') return form => transfer(bank, person, form, again)
  return deed === 'enrolments' ? () => enrol(bank, person, again) : undefined
}

async function transfer(bank: Bank, { customer, home }: Person, form: URLSearchParams, again: Again): Promise<Done> {
  const order = readOrder(form)
  const entered = enteredIn(form)
  if (!('payee' in order)) return again({ entered, faults: order })
  const opened = await openTransfer(bank, customer, home, order)
  if (opened === 'busy') return again({ entered, notice: BUSY })
  if (!('refused' in opened)) return { goTo: `/transfers/${opened.id}` }
  if (opened.refused === 'cannot be asked') {
    return again({
      entered,
      notice: `${customer.name} cannot be asked now: no phone is enrolled and active, or approvals are blocked after a report.`,
    })
  }
  return again({
    entered,
    notice: `${customer.name} said no or was asked often, and is left in peace. Try again in ${spoken(opened.seconds)}.`,
  })
}

async function enrol(bank: Bank, { customer, home }: Person, again: Again): Promise<Done> {
  const begun = await beginEnrolment(bank, customer, home)
  return begun === 'busy' ? again({ notice: BUSY }) : { goTo: `/enrolments/${begun.id}` }
}

const spoken = (seconds = 60) => (seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`)

const BUSY = 'Too many are waiting at this counter. Try again in a minute.'

const enteredIn = (form: URLSearchParams): Readonly<Record<keyof Order, string>> => ({
  payee: form.get('payee') ?? '',
  amount: form.get('amount') ?? '',
  reference: form.get('reference') ?? '',
})

const viewOf = async (bank: Bank, customer: Customer): Promise<CustomerView> => ({
  home: homeOf(bank, customer),
  customer,
  phones: await bank.scim.phonesOf(customer.id),
})

const customerAt = ({ configuration }: Bank, number: string): Customer | undefined =>
  /^\d{1,3}$/.test(number) ? configuration.customers[Number(number)] : undefined

const homeOf = ({ configuration }: Bank, { id }: Customer) =>
  `/customers/${configuration.customers.findIndex(one => one.id === id)}`
