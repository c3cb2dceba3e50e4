/**
 * A transfer from its entry to its end: the customer is asked on the phone, and money moves only when what he signed is what was
 * entered. The page is answered at once; the poll goes on behind it.
 */
import { type Asked, askForApproval, outcomeOf, type Refused, textOf } from './approval-request.ts'
import { type Bank, keysOf, type Order, type Transfer, type TransferState } from './bank.ts'
import type { Customer } from './configuration.ts'
import { checkStatement } from './signed-statement.ts'

const MOST_WAITING = 20

export type OrderFault = { readonly field: keyof Order; readonly fault: string }

/** What is entered at the counter, in the form in which it will be signed. */
export function readOrder(fields: URLSearchParams): Order | readonly OrderFault[] {
  const payee = plain(fields.get('payee'))
  const reference = plain(fields.get('reference'))
  const amount = amountIn(fields.get('amount') ?? '')
  const faults: OrderFault[] = []
  if (payee === undefined)
    faults.push({ field: 'payee', fault: 'Enter who gets the money: up to 60 characters, no braces.' })
  if (amount === undefined) faults.push({ field: 'amount', fault: 'Enter an amount like 250.00, up to 999,999.99.' })
  if (reference === undefined)
    faults.push({ field: 'reference', fault: 'Enter a reference: up to 60 characters, no braces.' })
  return payee && amount && reference ? { payee, amount, reference } : faults
}

/** Nothing that could hide or turn a part of what is signed. */
function plain(text: string | null): string | undefined {
  const trimmed = text?.trim().replaceAll(/\s+/g, ' ') ?? ''
  return /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]{1,60}$/u.test(trimmed) && !/[{}]/.test(trimmed) ? trimmed : undefined
}

function amountIn(text: string): string | undefined {
  const match = /^(\d{1,3}(?:,?\d{3})?)(?:\.(\d{2}))?$/.exec(text.trim())
  const whole = Number(match?.[1]?.replace(',', ''))
  const cents = match?.[2] ?? '00'
  if (!match || (whole === 0 && cents === '00')) return undefined
  return `${whole.toLocaleString('en-GB')}.${cents} EUR`
}

export async function openTransfer(
  bank: Bank,
  customer: Customer,
  home: string,
  order: Order,
): Promise<Transfer | Refused | 'busy'> {
  if (bank.transfers.all().filter(({ state }) => state.name === 'waiting').length >= MOST_WAITING) return 'busy'
  const text = textOf([
    ['Payee', order.payee],
    ['Amount', order.amount],
    ['Reference', order.reference],
  ])
  const asked = await askForApproval(bank.connect, customer.id, text)
  if ('refused' in asked) return asked
  const until_ms = bank.now_ms() + asked.request.expires_in * 1000
  const { number } = asked
  const transfer: Transfer = {
    ...{ id: crypto.randomUUID(), home, customer, order, text, number, until_ms },
    state: { name: 'waiting' },
  }
  bank.transfers.keep(transfer.id, transfer)
  void follow(bank, transfer, asked)
  return transfer
}

async function follow(bank: Bank, transfer: Transfer, asked: Asked): Promise<void> {
  transfer.state = await endOf(bank, transfer, asked).catch(error => ({
    name: 'stopped' as const,
    why: wordsOf(error),
  }))
}

async function endOf(bank: Bank, { text, number, customer }: Transfer, asked: Asked): Promise<TransferState> {
  const outcome = await outcomeOf(bank.connect, asked)
  if (outcome.kind === 'expired') return { name: 'expired' }
  if (outcome.kind === 'declined') return { name: 'declined', reported: /\breported\b/.test(outcome.why ?? '') }
  if (outcome.claims.sub !== customer.id) throw new Error('somebody else approved')
  const statement = checkStatement(outcome.claims, { text, number, keys: keysOf(bank, customer) })
  const { name } = await bank.scim.findPhone(statement.device).catch(() => ({ name: 'Phone' }))
  return { name: 'sent', statement, phone: name, at_ms: bank.now_ms() }
}

const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
