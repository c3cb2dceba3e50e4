/**
 * A phone for a customer: invited by SCIM calls, then watched until an app has used the invitation. The thumbprint of its key
 * that comes with the registration is kept: approvals by another key of the same phone are refused.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { registrationOf } from './approval-request.ts'
import { type Bank, type Enrolment, keysOf } from './bank.ts'
import type { Customer } from './configuration.ts'

const PACE_MS = 2000
/** An invitation lives an hour; a page that nobody uses is not watched that long. */
const WATCH_MS = 15 * 60_000
const MOST_WATCHED = 10

export async function beginEnrolment(bank: Bank, customer: Customer, home: string): Promise<Enrolment | 'busy'> {
  if (bank.enrolments.all().filter(({ state }) => state.name === 'invited').length >= MOST_WATCHED) return 'busy'
  const { id, message } = await bank.scim.invite(customer.id)
  const enrolment: Enrolment = { id: crypto.randomUUID(), home, customer, message, state: { name: 'invited' } }
  bank.enrolments.keep(enrolment.id, enrolment)
  void watch(bank, enrolment, id)
  return enrolment
}

async function watch(bank: Bank, enrolment: Enrolment, provision: string): Promise<void> {
  const until_ms = bank.now_ms() + WATCH_MS
  while (bank.now_ms() < until_ms) {
    await pause(PACE_MS, undefined, { ref: false })
    // The server may be restarting; the next look may find it.
    const found = await registrationOf(bank.connect, provision).catch(() => undefined)
    if (found === 'over') break
    if (found === undefined) continue
    const { device, thumbprint } = found
    keysOf(bank, enrolment.customer).set(device, { thumbprint, counter: -1 })
    const { name } = await bank.scim.findPhone(device).catch(() => ({ name: 'Phone' }))
    enrolment.state = { name: 'enrolled', phone: name }
    return
  }
  enrolment.state = { name: 'over' }
}
