/** Device types, readable: `/configuration/{tenant}/v2/Device/Type`. */
import { deviceTypeWire } from '@countersign/protocol/configuration/device-type.ts'
import { deviceTypeOnWire } from '#configuration/device-type-wire.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import type { Endpoint } from '#http/endpoint.ts'

export const deviceTypes: readonly Endpoint[] = readDocuments({
  path: '/configuration/{tenant}/v2/Device/Type',
  noun: 'device type',
  shape: deviceTypeWire,
  list: configuration => configuration.deviceTypes,
  find: (configuration, code) => configuration.findDeviceType(code),
  onWire: deviceTypeOnWire,
})
