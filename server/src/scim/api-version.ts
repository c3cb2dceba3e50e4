/**
 * Checks the form of `api-version=N`, which clients append to every call, also with blanks around name and value
 * (tolerance T2). Nothing depends on it: every answer has the newest shape.
 */
import { readApiVersion } from '@countersign/protocol/scim/api-version.ts'
import { Refusal } from '#domain/refusal.ts'

export function assertApiVersion(query: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(query)) {
    if (name.trim().toLowerCase() !== 'api-version') continue
    if (typeof value === 'string' && readApiVersion(value) !== undefined) continue
    throw new Refusal('invalid_value', 'api-version is a major version from 1 to 10.')
  }
}
