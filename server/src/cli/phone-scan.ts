/**
 * `phone scan`: a request without a user, from a QR code; the words of the terminal count as the live camera. Where the service lets
 * it be signed silently, it is; else it waits for `phone answer latest`.
 */
import type { Arguments, Report } from '#cli/command.ts'
import { accountsOf, oneOf, type Phone, passwordIn } from '#cli/phone-home.ts'
import { Refusal } from '#domain/refusal.ts'

export async function scanCode(phone: Phone, given: Arguments): Promise<Report> {
  const [text] = given.words
  if (text === undefined) throw new Refusal('invalid_request', 'Give what the code holds: phone scan JWT.')
  const accounts = accountsOf(phone, given)
  const fitting = phone.app.containersFor(text).filter(one => accounts.includes(one))
  if (fitting.length === 0)
    throw new Refusal('not_found', 'This is no code of a service where this phone has a registration.')
  const account = oneOf(fitting)
  const request = await account.scan(text, 'camera')
  const { id, statuses, tds, client, number, asked_from: from } = request
  const [positive = ''] = statuses
  if (request.silent && !number) {
    const { status } = await account.answer(request, positive, passwordIn(given))
    return { lines: [`Answered: ${status}.`], data: { status, id } }
  }
  const others = phone.scanned().filter(one => one.request.id !== id)
  phone.keepScanned([...others, { account: account.id, request }])
  const place = [from.origin, from.address].filter(one => one !== undefined).join(', ')
  return {
    lines: [
      `${client.name} asks${place ? ` from ${place}` : ''}: ${tds}`,
      'Answer only if you opened this page yourself.',
      `Next: phone answer latest ${statuses.join('|')}${number ? ' --number NN' : ''}`,
    ],
    data: { status: 'pending', ...request },
  }
}
