/** `phone pending` and `phone answer`: what waits in the inboxes of this phone, together with what it scanned, and the signed answer. */
import type { ApprovalRequest, Container } from '@countersign/sdk/container.ts'
import type { Arguments, Report } from '#cli/command.ts'
import { accountsOf, type Phone, passwordIn } from '#cli/phone-home.ts'
import { Refusal } from '#domain/refusal.ts'

interface Waiting {
  readonly account: Container
  readonly id: string
  readonly created_at: number
  /** A scanned one is known already. */
  readonly request?: ApprovalRequest
}

const MOST_SHOWN = 20

export async function showPending(phone: Phone, given: Arguments): Promise<Report> {
  const waiting = await waitingOn(phone, given)
  const shown = await Promise.all(
    waiting.slice(0, MOST_SHOWN).map(async one => ({ account: one.account, request: await requestOf(one) })),
  )
  const left = phone.app.pendingRemovals().length > 0 ? await phone.app.retryRemovals() : 0
  return {
    lines: [
      ...(shown.length === 0 ? ['Nothing is pending.'] : shown.flatMap(lines)),
      ...(waiting.length > MOST_SHOWN ? [`… and ${waiting.length - MOST_SHOWN} more`] : []),
      ...(left > 0 ? [`Servers still to be told of a removal: ${left}.`] : []),
    ],
    data: shown.map(({ account, request }) => ({ account: account.user, ...request })),
  }
}

function lines({ account, request }: { account: Container; request: ApprovalRequest }): string[] {
  const { id, purpose, tds, statuses, client, number } = request
  return [
    `${id}  ${purpose} for ${account.user}, asked by ${client.name}: ${tds}`,
    `    answer with: ${statuses.join(', ')}${number ? '; --number NN with the first' : ''}`,
  ]
}

export async function answerRequest(phone: Phone, given: Arguments): Promise<Report> {
  const [which, status] = given.words
  if (which === undefined || status === undefined || given.words.length > 2)
    throw new Refusal('invalid_request', 'Say: phone answer latest|ID accept|deny|report.')
  const waiting = await waitingOn(phone, given)
  const one = which === 'latest' ? waiting[0] : waiting.find(({ id }) => id === which)
  if (!one) {
    const hint = which === 'latest' ? 'Nothing is pending.' : `Nothing with the id ${which} is pending.`
    throw new Refusal('not_found', `${hint} See: phone pending.`)
  }
  const request = await requestOf(one)
  const { number } = given.flags
  const more = { ...passwordIn(given), ...(typeof number === 'string' ? { number } : {}) }
  const answer = await one.account.answer(request, status, more)
  if (one.request) phone.keepScanned(phone.scanned().filter(({ request: { id } }) => id !== one.id))
  const other = answer.status === status ? '' : ` You said ${status}: the number was wrong.`
  return { lines: [`Answered: ${answer.status}.${other}`], data: { status: answer.status, id: request.id } }
}

const requestOf = async ({ account, id, request }: Waiting) => request ?? (await account.retrieve(id))

/** Newest first. */
async function waitingOn(phone: Phone, given: Arguments): Promise<readonly Waiting[]> {
  const accounts = accountsOf(phone, given).filter(({ kind }) => kind === 'online')
  const inboxes = await Promise.all(
    accounts.map(async account => {
      const { requests } = await account.inbox()
      return requests.map(({ id, created_at }): Waiting => ({ account, id, created_at }))
    }),
  )
  const scanned = phone.scanned().flatMap(({ account: id, request }): Waiting[] => {
    const account = accounts.find(one => one.id === id)
    return account ? [{ account, id: request.id, created_at: request.created_at, request }] : []
  })
  const listed = inboxes.flat()
  const further = scanned.filter(one => !listed.some(({ id, account }) => id === one.id && account === one.account))
  return [...further.reverse(), ...listed].sort((a, b) => b.created_at - a.created_at)
}
