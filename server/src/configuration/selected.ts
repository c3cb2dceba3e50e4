/**
 * `attributes` and `excludedAttributes` on configuration documents (RFC 7644 section 3.9), for top-level members and whole
 * extensions. A path into a member (`meta.location`) brings the whole member; excluding one excludes nothing, so that an
 * answer never lacks what was not named. `schemas` and `id` always come back.
 */
import type { DocumentSelection } from '@countersign/protocol/configuration/document-query.ts'
import { Refusal } from '#domain/refusal.ts'

const ALWAYS = new Set(['schemas', 'id'])

const namesIn = (text: string) =>
  text
    .split(',')
    .map(name => name.trim().toLowerCase())
    .filter(name => name !== '')

/** Chooses members of a document; made once per request. */
export function selected({ attributes, excludedAttributes }: DocumentSelection): <T extends object>(document: T) => T {
  const wanted = namesIn(attributes ?? '')
  const unwanted = new Set(namesIn(excludedAttributes ?? ''))
  if (wanted.length > 0 && unwanted.size > 0) {
    throw new Refusal('invalid_value', 'attributes and excludedAttributes cannot be given together.')
  }
  if (wanted.length === 0 && unwanted.size === 0) return document => document

  const keeps = (member: string) => {
    if (ALWAYS.has(member)) return true
    if (wanted.length === 0) return !unwanted.has(member)
    return wanted.some(name => name === member || name.startsWith(`${member}.`) || name.startsWith(`${member}:`))
  }
  return document =>
    Object.fromEntries(Object.entries(document).filter(([member]) => keeps(member.toLowerCase()))) as typeof document
}
