/**
 * An import file of any accepted format as a report: the format is told by the content, not by the name. PSKC (RFC
 * 6030) begins with `<`, everything else that is text is CSV. The vendor's .sdb and .sds files are proprietary and are
 * refused, as are certificates: the PKI factor is not part of this.
 */
import { readCsv } from '#administration/import/csv.ts'
import { type ImportReport, MAX_FILE_BYTES } from '#administration/import/token-record.ts'
import { Refusal } from '#domain/refusal.ts'

export interface ImportFile {
  readonly content: Uint8Array
  readonly fileName?: string
  /** A key as hex or base64 text, or the pass phrase the file's key is derived from. */
  readonly encryptionKey?: string
  /** Accepts AES-CBC values without a ValueMAC; only for files that came by a trusted road. */
  readonly allowMissingMac?: boolean
}

const LOOKED_AT_BYTES = 512

export async function readImportFile(file: ImportFile): Promise<ImportReport> {
  if (file.content.length > MAX_FILE_BYTES) throw new Refusal('too_large', 'The file is larger than 16 MB.')
  if (file.content.length === 0) throw new Refusal('invalid_value', 'The file is empty.')
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(file.fileName ?? '')?.[1]?.toLowerCase()
  if (ending === 'sdb' || ending === 'sds') {
    throw new Refusal(
      'unsupported_value',
      'Files of type .sdb and .sds are proprietary and cannot be read here; ask the vendor for a PSKC file.',
    )
  }
  if (ending === 'cer' || ending === 'crt') {
    throw new Refusal('unsupported_value', 'Certificates are not imported here; this import takes PSKC and CSV files.')
  }
  const start = new TextDecoder().decode(file.content.subarray(0, LOOKED_AT_BYTES)).trimStart()
  if (start.includes('\u0000') || start.includes('\uFFFD')) {
    throw new Refusal('invalid_request', 'The file is neither PSKC nor CSV in UTF-8.')
  }
  if (!start.startsWith('<')) return readCsv(file.content)
  // Loaded with the first file of this kind: it brings the XML parser.
  const { readPskc } = await import('#administration/import/pskc/read-pskc.ts')
  return readPskc(file.content, {
    encryptionKey: file.encryptionKey,
    allowMissingMac: file.allowMissingMac ?? false,
  })
}
