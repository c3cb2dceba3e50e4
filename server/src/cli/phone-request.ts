/** `phone request`: a Direct Client Signature, which the phone begins by itself. */
import type { Arguments, Report } from '#cli/command.ts'
import { oneAccount, type Phone, passwordIn } from '#cli/phone-home.ts'
import { Refusal } from '#domain/refusal.ts'

export async function signDirectly(phone: Phone, given: Arguments): Promise<Report> {
  const { tds, template, client, purpose = 'action' } = given.flags
  if (purpose !== 'logon' && purpose !== 'action') throw new Refusal('invalid_value', '--purpose is logon or action.')
  if ((typeof tds === 'string') === (typeof template === 'string'))
    throw new Refusal('invalid_request', 'Say what is signed: --tds TEXT, or --template ID with --value NAME=VALUE.')
  const { status, auth_req_id, id_token } = await oneAccount(phone, given).request({
    purpose,
    ...(typeof tds === 'string' ? { tds } : {}),
    ...(typeof template === 'string' ? { template, values: valuesIn(given) } : {}),
    ...(typeof client === 'string' ? { client } : {}),
    ...passwordIn(given),
  })
  return {
    lines: [`Signed: ${status}, ${auth_req_id}`],
    data: { status, auth_req_id, ...(id_token === undefined ? {} : { id_token }) },
  }
}

function valuesIn({ flags }: Arguments): Record<string, string> {
  const written = typeof flags.value === 'string' ? flags.value.split('\n') : []
  return Object.fromEntries(
    written.map(pair => {
      const at = pair.indexOf('=')
      if (at < 1) throw new Refusal('invalid_value', `--value is NAME=VALUE, not ${pair}.`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
