/** Device types, readable and writable: `/configuration/{tenant}/v2/Device/Type`. Lists leave the Push extension out. */
import { DEVICE_TYPE_PUSH, deviceTypeWire, deviceTypeWrite } from '@countersign/protocol/configuration/device-type.ts'
import { deviceTypeKind } from '#administration/device-type-rules.ts'
import { changedDeviceType, newDeviceType } from '#configuration/device-type-read.ts'
import { deviceTypeOnWire } from '#configuration/device-type-wire.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import { writeDocuments } from '#configuration/write-documents.ts'
import type { Endpoint } from '#http/endpoint.ts'

const kind = {
  path: '/configuration/{tenant}/v2/Device/Type',
  noun: 'device type',
  shape: deviceTypeWire,
  list: deviceTypeKind.all,
  find: deviceTypeKind.find,
  onWire: deviceTypeOnWire,
  notInLists: DEVICE_TYPE_PUSH,
}

export const deviceTypes: readonly Endpoint[] = [
  ...readDocuments(kind),
  ...writeDocuments({
    ...kind,
    rules: deviceTypeKind,
    writeShape: deviceTypeWrite,
    create: newDeviceType,
    change: changedDeviceType,
  }),
]
