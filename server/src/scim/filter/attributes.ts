/**
 * What may stand in a filter or in `sortBy`, per resource: a table of data (RFC 7644 sections 3.4.2.2 and 3.4.2.3, names in lower
 * case because RFC 7643 section 2.1 compares them so). What is not in the table is refused, never ignored.
 * Surprise: any user attribute type of the tenant is a name too (`ATR_MOBILE eq 44123456`).
 */
import type { FilterOperator } from '#domain/filter.ts'
import type { Column, ColumnName, SearchResource } from '#domain/search.ts'

export type AttributeType = 'text' | 'code' | 'status' | 'id' | 'authenticator-id' | 'date' | 'boolean'
export type AttributeOperator = FilterOperator | 'pr'

export interface Attribute {
  readonly column: Column
  readonly type: AttributeType
  readonly operators: ReadonlySet<AttributeOperator>
  /** A `*` at the end of an `eq` or `ne` value means "starts with". */
  readonly wildcard: boolean
  /** False for what stands outside of the resource's own row. */
  readonly sortable: boolean
}

/** A name's attribute, or undefined when there is no such name. */
export type FindAttribute = (name: string) => Attribute | undefined

const ORDERED: ReadonlySet<AttributeOperator> = new Set(['eq', 'ne', 'pr', 'gt', 'ge', 'lt', 'le'])
const TEXTUAL: ReadonlySet<AttributeOperator> = new Set([...ORDERED, 'co', 'sw', 'ew'] as const)
const CODED: ReadonlySet<AttributeOperator> = new Set(['eq', 'ne', 'pr', 'co', 'sw', 'ew'])
const EQUAL: ReadonlySet<AttributeOperator> = new Set(['eq', 'ne', 'pr'])

type Table = Readonly<Record<string, Attribute>>

const text = (name: ColumnName, sortable = true): Attribute => ({
  column: { name },
  type: 'text',
  operators: TEXTUAL,
  wildcard: true,
  sortable,
})
const code = (name: ColumnName, sortable = true): Attribute => ({
  column: { name },
  type: 'code',
  operators: CODED,
  wildcard: true,
  sortable,
})
const status: Attribute = {
  column: { name: 'status' },
  type: 'status',
  operators: EQUAL,
  wildcard: false,
  sortable: true,
}
const id = (name: ColumnName): Attribute => ({
  column: { name },
  type: 'id',
  operators: ORDERED,
  wildcard: false,
  sortable: true,
})
const date = (name: ColumnName): Attribute => ({
  column: { name },
  type: 'date',
  operators: ORDERED,
  wildcard: false,
  sortable: true,
})
const flag = (name: ColumnName): Attribute => ({
  column: { name },
  type: 'boolean',
  operators: EQUAL,
  wildcard: false,
  sortable: true,
})
const userAttribute = (attributeCode: string): Attribute => ({
  column: { name: 'attribute', code: attributeCode },
  type: 'text',
  operators: TEXTUAL,
  wildcard: true,
  sortable: false,
})

const lifetime: Table = {
  'status.status': status,
  'status.startdate': date('start'),
  'status.expirydate': date('expiry'),
  'meta.created': date('created'),
}

const tables: Readonly<Record<SearchResource, Table>> = {
  User: {
    id: id('id'),
    externalid: text('externalId'),
    username: text('userName'),
    active: flag('active'),
    groups: code('group'),
    'groups.value': code('group'),
    roles: code('role', false),
    'roles.value': code('role', false),
    emails: userAttribute('ATR_EMAIL'),
    'emails.value': userAttribute('ATR_EMAIL'),
    phonenumbers: userAttribute('ATR_MOBILE'),
    'phonenumbers.value': userAttribute('ATR_MOBILE'),
    'name.familyname': text('familyName'),
    'name.givenname': text('givenName'),
    lastname: text('familyName'),
    firstname: text('givenName'),
    title: text('title'),
    'meta.created': date('created'),
  },
  Device: {
    ...lifetime,
    id: id('id'),
    externalid: text('externalId'),
    type: code('type'),
    owner: id('owner'),
    'owner.value': id('owner'),
    'owner.display': text('ownerExternalId', false),
    friendlyname: text('friendlyName'),
  },
  Authenticator: {
    ...lifetime,
    id: { column: { name: 'id' }, type: 'authenticator-id', operators: EQUAL, wildcard: false, sortable: true },
    externalid: text('ownerExternalId', false),
    owner: id('owner'),
    'owner.value': id('owner'),
    'owner.display': text('ownerExternalId', false),
    policy: code('policy'),
    'policy.value': code('policy'),
  },
  Credential: {
    ...lifetime,
    id: id('id'),
    externalid: text('externalId'),
    type: code('type'),
    device: id('device'),
    'device.value': id('device'),
  },
  Provision: {
    id: id('id'),
    devicetype: code('type'),
    owner: id('owner'),
    'owner.value': id('owner'),
    'owner.display': text('ownerExternalId', false),
    'status.status': status,
    'meta.created': date('created'),
  },
}

/** The URN that may stand before a name of the resource's own schema. */
const ownSchema: Readonly<Record<SearchResource, string>> = {
  User: 'urn:ietf:params:scim:schemas:core:2.0:user:',
  Device: 'urn:hid:scim:api:idp:2.0:device:',
  Authenticator: 'urn:hid:scim:api:idp:2.0:authenticator:',
  Credential: 'urn:hid:scim:api:idp:2.0:credential:',
  Provision: 'urn:hid:scim:api:idp:2.0:provision:',
}
const userAttributeSchema = 'urn:hid:scim:api:idp:2.0:userattribute:'
const attributeCode = /^[A-Z][A-Z0-9_]{1,29}$/

/** The names of one resource. `isAttributeType` tells whether the tenant has a user attribute type with this code. */
export function attributesOf(resource: SearchResource, isAttributeType: (code: string) => boolean): FindAttribute {
  const table = tables[resource]
  return name => {
    let lower = name.toLowerCase()
    if (lower.startsWith(ownSchema[resource])) lower = lower.slice(ownSchema[resource].length)
    if (Object.hasOwn(table, lower)) return table[lower]
    if (resource !== 'User') return undefined
    if (lower.startsWith(userAttributeSchema)) lower = lower.slice(userAttributeSchema.length)
    const upper = lower.toUpperCase()
    return attributeCode.test(upper) && isAttributeType(upper) ? userAttribute(upper) : undefined
  }
}
