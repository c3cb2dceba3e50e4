/**
 * The body of an import. The file comes as base64 (RFC 4648 sections 4 and 5, line breaks forgiven); everything that is no
 * base64 is refused, because a decoder that skips it would import a file that nobody sent.
 */
import type { ImportRequest } from '#administration/import/device-import.ts'
import { Refusal } from '#domain/refusal.ts'
import { type Members, membersOf } from '#scim/members.ts'

/** A file of 16 MB as base64 with line breaks, and the members beside it. */
export const LARGEST_BODY_BYTES = 24 * 1024 * 1024
const LONGEST_TEXT = 256
const LONGEST_KEY = 1024
const base64 = /^[A-Za-z0-9+/_-]*={0,2}$/

export interface AskedImport {
  readonly request: ImportRequest
  readonly waits: boolean
}

export function readImport(body: unknown): AskedImport {
  const members = membersOf(body)
  const deviceType = members.text('deviceType', LONGEST_TEXT)
  if (!deviceType) throw new Refusal('invalid_value', 'deviceType is needed.')
  const fileName = members.text('fileName', LONGEST_TEXT) || undefined
  const encryptionKey = members.text('encryptionKey', LONGEST_KEY) || undefined
  const expiryAt_ms = members.date('expiryDate')
  return {
    request: {
      deviceType,
      content: readContent(members),
      status: readStatus(members),
      partial: members.flag('partial') ?? false,
      ...(fileName === undefined ? {} : { fileName }),
      ...(encryptionKey === undefined ? {} : { encryptionKey }),
      ...(expiryAt_ms === undefined ? {} : { expiryAt_ms }),
    },
    waits: members.flag('async') !== true,
  }
}

function readContent(members: Members): Uint8Array {
  const text = members.text('content', LARGEST_BODY_BYTES)?.replace(/[\r\n\t ]+/g, '')
  if (!text) throw new Refusal('invalid_value', 'content is needed: the file as base64.')
  if (!base64.test(text)) throw new Refusal('invalid_value', 'content is not base64.')
  return Buffer.from(text, 'base64')
}

function readStatus(members: Members): 'ACTIVE' | 'PENDING' {
  const word = members.text('status', 32)?.toUpperCase() || 'ACTIVE'
  if (word === 'ACTIVE' || word === 'PENDING') return word
  throw new Refusal('status_not_allowed', 'Imported devices are ACTIVE or PENDING.')
}
