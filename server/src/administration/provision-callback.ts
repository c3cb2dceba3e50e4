/**
 * Whether a `cb_url` may be called back (security.md C2): only an address that the client registered, by its registration or as
 * ATR_CIBACB of its user; a demo tenant lets loopback pass. Where the name leads is looked at again when it is called.
 */
import { isLoopback } from '@countersign/protocol/approve/service-root.ts'
import type { ProvisionNeeds } from '#administration/provision-needs.ts'
import type { ClientDocument } from '#domain/client.ts'
import { first, rowsOf, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const LONGEST_URL = 512

export function* refusalOfCallback(
  { clients, users }: Pick<ProvisionNeeds, 'clients' | 'users'>,
  tenant: Tenant,
  client: string | undefined,
  url: string,
): Unit<Refusal | undefined> {
  const parsed = url.length <= LONGEST_URL && URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== '' || parsed.password !== '') {
    return new Refusal('invalid_value', 'cb_url is not an address that could be called.')
  }
  if (tenant.configuration.callbacks.unregisteredLoopback && isLoopback(parsed.hostname)) return undefined
  const row = client === undefined ? undefined : yield* first(clients.client(tenant.number, client))
  if (row) {
    const { notificationEndpoint, callbacks = [] } = JSON.parse(row.document) as ClientDocument
    const attributes = yield* rowsOf(users.attributesOf(tenant.number, [row.user]))
    const attribute = attributes.find(({ name }) => name === 'ATR_CIBACB')?.value
    if ([notificationEndpoint, attribute, ...callbacks].includes(url)) return undefined
  }
  return new Refusal('invalid_value', 'cb_url is not registered for this client.')
}
