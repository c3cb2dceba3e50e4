/**
 * A body of POST or PUT as a change of a user. Members that are absent or null say nothing; an empty text or list takes the
 * value away, but for names, which a user always has. Core members and attributes of the same value are collected side by
 * side; which of them counts is decided where the stored value is known.
 */
import { urn } from '@countersign/protocol/scim/urn.ts'
import { LONGEST_NAME, type UserChange } from '#administration/user-change.ts'
import { Refusal } from '#domain/refusal.ts'
import { type Members, membersOf } from '#scim/members.ts'
import { readReference } from '#scim/reference.ts'
import { addressCodes } from '#scim/user-wire.ts'

const LONGEST_VALUE = 1000
const MOST_ATTRIBUTES = 100
const MOST_ROLES = 50

type Said = Map<string, (string | null)[]>

export function readUserChange(body: unknown): UserChange {
  const members = membersOf(body)
  const said: Said = new Map()
  const say = (code: string, value: string | null | undefined) => {
    if (value === undefined) return
    const values = said.get(code)
    if (values === undefined) said.set(code, [value])
    else values.push(value)
  }
  say('EXTERNALID', members.text('externalId', LONGEST_NAME) || undefined)
  const name = members.group('name')
  say('LASTNAME', emptied(name?.text('familyName', LONGEST_VALUE)))
  say('FIRSTNAME', emptied(name?.text('givenName', LONGEST_VALUE)))
  say('TITLE', emptied(members.text('title', LONGEST_VALUE)))
  say('ATR_EMAIL', readOnly(members, 'emails'))
  say('ATR_MOBILE', readOnly(members, 'phoneNumbers'))
  readAddresses(members, say)
  readAttributes(members, say)
  const userName = members.text('userName', LONGEST_NAME) || undefined
  const group = readGroup(members)
  const active = members.flag('active')
  const roles = readRoles(members)
  return {
    values: said,
    ...(userName === undefined ? {} : { userName }),
    ...(group === undefined ? {} : { group }),
    ...(active === undefined ? {} : { active }),
    ...(roles === undefined ? {} : { roles }),
  }
}

type Say = (code: string, value: string | null | undefined) => void

const emptied = (text: string | undefined) => (text === '' ? null : text)

/** The value of the one element that there may be; null when the list is empty. */
function readOnly(members: Members, name: string): string | null | undefined {
  const list = members.list(name, 1)
  if (list === undefined) return undefined
  return list.length === 0 ? null : emptied(membersOf(list[0], name).text('value', LONGEST_VALUE))
}

function readAddresses(members: Members, say: Say): void {
  const list = members.list('addresses', addressCodes.length)
  for (const [n, code] of addressCodes.entries()) {
    if (list?.[n] !== undefined) say(code, emptied(membersOf(list[n], 'addresses').text('formatted', LONGEST_VALUE)))
  }
}

function readAttributes(members: Members, say: Say): void {
  for (const written of members.group(urn.userAttribute)?.list('attributes', MOST_ATTRIBUTES) ?? []) {
    const attribute = membersOf(written, 'attributes')
    const code = attribute.text('name', 64)?.toUpperCase()
    if (!code) throw new Refusal('invalid_value', 'An attribute has a name.')
    const value = attribute.any('value')
    const text = typeof value === 'boolean' ? String(value) : attribute.text('value', LONGEST_VALUE)
    if (code !== 'EXTERNALID') say(code, text || null)
    else if (text) say(code, text)
  }
}

function readGroup(members: Members): string | undefined {
  const list = members.list('groups', 10)
  if (list === undefined) return undefined
  if (list.length !== 1) throw new Refusal('invalid_value', 'A user is in exactly one group.')
  return codeOf('groups', list[0])
}

function readRoles(members: Members): readonly string[] | undefined {
  const list = members.list('roles', MOST_ROLES)
  return list && [...new Set(list.map(role => codeOf('roles', role)))]
}

function codeOf(name: string, written: unknown): string {
  const reference = readReference(name, written)
  if (reference?.by === 'value') return reference.value
  throw new Refusal('invalid_value', `${name} are given by value, a code.`)
}
