/**
 * A file of hardware tokens, posted whole, and the import that comes of it. The reference does not show this body; the
 * members are ours. Rows that could not be imported are named by place and reason, never with a value of theirs.
 */
import { type Static, Type } from 'typebox'
import { device } from './device.ts'
import { listResponse } from './list-response.ts'

const loose = (description: string) => Type.Optional(Type.Unknown({ description }))

export const deviceImportRequest = Type.Object({
  deviceType: loose('Code of the device type that every key of the file becomes; needed'),
  content: loose('The file as base64: PSKC (RFC 6030) or CSV; needed'),
  fileName: loose('Text, for the report'),
  encryptionKey: loose('The key of an encrypted file as hex or base64, or its pass phrase'),
  expiryDate: loose('For all devices of the file, in place of what it says'),
  status: loose('ACTIVE (when absent) or PENDING'),
  async: loose('true answers at once, with an import to ask for'),
  partial: loose('true imports the good rows of a file that has bad ones'),
})
export type DeviceImportRequest = Static<typeof deviceImportRequest>

export const deviceImport = Type.Object({
  id: Type.String(),
  status: Type.String({ description: 'PENDING, SUCCESS or FAILED' }),
  fileName: Type.String(),
  deviceCount: Type.Integer({ description: 'Devices that were made' }),
  problemCount: Type.Integer(),
  problems: Type.Array(
    Type.Object({ row: Type.Integer(), where: Type.String(), code: Type.String(), detail: Type.String() }),
    { description: 'The first thousand' },
  ),
  created: Type.String(),
  finished: Type.Optional(Type.String()),
  location: Type.String({ description: 'Where to ask for it' }),
})
export type DeviceImport = Static<typeof deviceImport>

export const deviceImportAnswer = Type.Object({ ...listResponse(device).properties, import: deviceImport })
