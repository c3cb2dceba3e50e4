/** Roads by which devices are woken, readable and writable: `/configuration/{tenant}/v2/DeliveryGateway/Push`. */
import { pushGatewayWire, pushGatewayWrite } from '@countersign/protocol/configuration/push-gateway.ts'
import { gatewayKind } from '#administration/gateway-rules.ts'
import { changedGateway, gatewayOnWire, newGateway } from '#configuration/push-gateway-wire.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import { writeDocuments } from '#configuration/write-documents.ts'
import type { Endpoint } from '#http/endpoint.ts'

const kind = {
  path: '/configuration/{tenant}/v2/DeliveryGateway/Push',
  noun: 'push gateway',
  shape: pushGatewayWire,
  list: gatewayKind.all,
  find: gatewayKind.find,
  onWire: gatewayOnWire,
}

export const pushGateways: readonly Endpoint[] = [
  ...readDocuments(kind),
  ...writeDocuments({
    ...kind,
    rules: gatewayKind,
    writeShape: pushGatewayWrite,
    create: newGateway,
    change: changedGateway,
  }),
]
