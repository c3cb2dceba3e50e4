/** An enrolment that nothing else protects is the client's word, if it shows its own token with the call: a request_uri alone travels. */
import type { Callers } from '#authentication/callers.ts'
import type { Login } from '#authentication/login-find.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Situation } from '#http/endpoint.ts'

interface Needs {
  readonly callers: Pick<Callers, 'findClient'>
}

/** Whether the front end that calls shows a token of the client whose login it is. */
export async function showsItsToken(
  login: Login,
  { tenant, headers }: Situation<Tenant>,
  { callers }: Needs,
): Promise<boolean> {
  const token = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
  if (token === undefined) return false
  return (await callers.findClient(tenant, token))?.clientId === login.client.clientId
}
