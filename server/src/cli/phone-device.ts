/** `phone rename`, `phone renew` and `phone remove`: what becomes of a registration. */
import type { Arguments, Report } from '#cli/command.ts'
import { oneAccount, type Phone, passwordIn } from '#cli/phone-home.ts'
import { Refusal } from '#domain/refusal.ts'

export async function renameAccount(phone: Phone, given: Arguments): Promise<Report> {
  const name = given.words.join(' ')
  if (name === '') throw new Refusal('invalid_request', 'Say the new name: phone rename NAME.')
  const account = oneAccount(phone, given)
  await account.rename(name)
  return { lines: [`This phone is now called ${account.name}.`], data: { name: account.name } }
}

export async function renewAccount(phone: Phone, given: Arguments): Promise<Report> {
  const account = oneAccount(phone, given)
  await account.renew(passwordIn(given))
  return { lines: ['The keys are renewed.'], data: { device: account.device, status: account.status } }
}

export async function removeAccount(phone: Phone, given: Arguments): Promise<Report> {
  const account = oneAccount(phone, given)
  const told = await account.remove()
  return {
    lines: told
      ? ['The registration is removed.']
      : ['The registration is removed here; the server is told as soon as it can be reached (phone pending tries).'],
    data: { removed: true, server_told: told },
  }
}
