/**
 * Secrets on their way into a gateway: what a caller gives is sealed to its document before it is judged with the rest; what he does
 * not give stays as it was, null takes it away. Nothing here can open one.
 */
import { sealedSecrets } from '#administration/message-gateway-rules.ts'
import type { SecretsList } from '#domain/gateway.ts'
import type { Tenant } from '#domain/tenant.ts'

type Secrets = Readonly<Record<string, string>>

export function mergedSecrets(
  { sealer }: Tenant,
  list: SecretsList,
  code: string,
  before: Secrets = {},
  given: Readonly<Record<string, string | null>> = {},
): Secrets {
  const said = Object.entries(given)
  const kept = Object.entries(before).filter(([name]) => !Object.hasOwn(given, name))
  const fresh = said.filter((entry): entry is [string, string] => entry[1] !== null && entry[1] !== '')
  return { ...Object.fromEntries(kept), ...sealedSecrets(sealer, list, code, Object.fromEntries(fresh)) }
}
