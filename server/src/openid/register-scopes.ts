/**
 * Scopes of a client, from `scope` (RFC 7591 section 2) or `hid_client_scopes`, which is JSON inside a text: `{"scopes":["openid"]}`.
 * Scopes that a client defines itself are refused. Where both members stand they say the same.
 */
import { type Metadata, textIn, wrongMember } from '#openid/register-members.ts'

const scopes = ['openid', 'profile', 'email', 'phone', 'offline_access', 'hid-tx-sign'] as const

const known: ReadonlySet<unknown> = new Set(scopes)
const USUAL = ['openid', 'profile']
const LONGEST = 1000

export function scopesIn(metadata: Metadata): readonly string[] {
  const plain = textIn(metadata, 'scope', LONGEST)
    ?.split(' ')
    .filter(word => word !== '')
  const coded = codedScopes(metadata)
  if (plain && coded && !sameWords(plain, coded))
    throw wrongMember('hid_client_scopes', 'says something else than scope')
  const asked = coded ?? plain ?? USUAL
  if (!asked.every(scope => known.has(scope))) {
    throw wrongMember(coded ? 'hid_client_scopes' : 'scope', `holds only: ${scopes.join(' ')}`)
  }
  return [...new Set(asked)]
}

function codedScopes(metadata: Metadata): readonly string[] | undefined {
  const text = textIn(metadata, 'hid_client_scopes', LONGEST)
  if (text === undefined || text === '') return undefined
  const list = listIn(text)
  if (!list) throw wrongMember('hid_client_scopes', 'is JSON in a text: {"scopes":["openid"]}')
  return list
}

function listIn(text: string): readonly string[] | undefined {
  try {
    const value = JSON.parse(text) as { readonly scopes?: unknown } | null
    const list = value?.scopes
    return Array.isArray(list) && list.every(one => typeof one === 'string') ? list : undefined
  } catch {
    return undefined
  }
}

function sameWords(one: readonly string[], other: readonly string[]): boolean {
  return one.every(word => other.includes(word)) && other.every(word => one.includes(word))
}
