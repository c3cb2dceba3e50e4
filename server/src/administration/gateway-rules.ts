/**
 * When a push gateway may be saved. A stock gateway may be covered by one of the tenant's own, to be turned off or told a contact;
 * of each type at most one is enabled, so that nobody has to guess which one a message takes.
 */
import type { DocumentKind } from '#administration/document-kind.ts'
import type { Gateway } from '#domain/gateway.ts'
import { Refusal } from '#domain/refusal.ts'

export const gatewayKind: DocumentKind<Gateway> = {
  list: 'gateways',
  noun: 'push gateway',
  event: 'PushGateway',
  parameter: 'TEXT2',
  coversStock: true,
  find: (configuration, code) => configuration.findGateway(code),
  all: configuration => configuration.gateways,

  refusalOf({ code, type, enabled }, { configuration, before }) {
    if (before && before.type !== type) return new Refusal('immutable', 'The type of a gateway stays.')
    const other = configuration.gateways.find(one => one.code !== code && one.type === type && one.enabled)
    if (!enabled || !other) return undefined
    return new Refusal('invalid_value', `${other.code} is enabled for ${type}; disable it first.`)
  },
}
