/**
 * `meta` of a resource (RFC 7643 section 3.1), its ETag `W/"n"` and the check of a version that a client sends (RFC 7644 section 3.14).
 * A version is checked only when one was sent, by `If-Match` or as `meta.version`: deployed clients send none.
 * Surprise: a stale version is 409 here, as the reference documents it, and not the RFC's 412.
 */
import type { Meta } from '@countersign/protocol/scim/meta.ts'
import { Refusal } from '#domain/refusal.ts'
import { showDate } from '#scim/dates.ts'
import { type Located, locationOf, type Site } from '#scim/location.ts'

interface Versioned {
  readonly createdAt_ms: number
  readonly version: number
}

export function metaOf(site: Site, what: Located, id: string | number, row: Versioned): Meta {
  return {
    resourceType: what,
    created: showDate(row.createdAt_ms),
    location: locationOf(site, what, id),
    version: String(row.version),
  }
}

export const etagOf = (version: number) => `W/"${version}"`

const entityTag = /^(?:W\/)?"([^"]{0,32})"$/
const MAX_HEADER = 1024

/**
 * Which version the client believes to change: undefined when it named none or any (`*`). One that can be none of ours
 * is refused like a stale one; so is a list of several, since a resource here has one version.
 */
export function expectedVersion(ifMatch: string | undefined, bodyMeta: unknown): number | undefined {
  if (ifMatch !== undefined) return fromHeader(ifMatch)
  if (typeof bodyMeta !== 'object' || bodyMeta === null || !Object.hasOwn(bodyMeta, 'version')) return undefined
  const { version } = bodyMeta as { version: unknown }
  if (version === null || version === '') return undefined
  if (typeof version !== 'string' && typeof version !== 'number') throw new Refusal('version_mismatch')
  return fromText(String(version))
}

function fromHeader(header: string): number | undefined {
  if (header.trim() === '*') return undefined
  if (header.length > MAX_HEADER || header.includes(',')) throw new Refusal('version_mismatch')
  return fromText(header)
}

function fromText(text: string): number {
  const bare = entityTag.exec(text.trim())?.[1] ?? text.trim()
  if (!/^\d{1,15}$/.test(bare)) throw new Refusal('version_mismatch')
  return Number(bare)
}
