/**
 * A user as clients of this API read it (RFC 7643 section 4.1 and the extensions UserAttribute, UserDevice, UserAuthenticator).
 * Some values stand in two places, as a core member and as an attribute. Surprise: a missing address before another one is
 * shown as an empty element, so that each keeps its number.
 */
import { urn } from '@countersign/protocol/scim/urn.ts'
import type { User as UserWire } from '@countersign/protocol/scim/user.ts'
import type { UserPart, UserView } from '#administration/user-view.ts'
import type { Tenant } from '#domain/tenant.ts'
import { showDate } from '#scim/dates.ts'
import { locationOf, type Site } from '#scim/location.ts'
import { metaOf } from '#scim/meta.ts'
import { memberRef } from '#scim/reference.ts'
import { isWanted, type Selection } from '#scim/select.ts'

export const addressCodes = ['ADDRESS1', 'ADDRESS2', 'ADDRESS3', 'ADDRESS4'] as const

const shownBy: Readonly<Record<UserPart, readonly string[]>> = {
  attributes: [urn.userAttribute, 'emails', 'phoneNumbers', 'addresses'],
  roles: ['roles'],
  authenticators: [urn.userAuthenticator],
  devices: [urn.userDevice],
}

/** What must be loaded to show this selection. */
export function partsOf(selection: Selection): ReadonlySet<UserPart> {
  const parts = Object.keys(shownBy) as UserPart[]
  return new Set(parts.filter(part => shownBy[part].some(member => isWanted(selection, member))))
}

export function userOnWire(user: UserView, site: Site, { configuration }: Tenant): UserWire {
  const { familyName, givenName, title } = user
  const fullName = [givenName, familyName].filter(Boolean).join(' ')
  return {
    schemas: [urn.user, urn.userDevice, urn.userAttribute, urn.userAuthenticator],
    id: String(user.id),
    externalId: user.externalId,
    meta: metaOf(site, 'User', user.id, user),
    userName: user.userName,
    displayName: fullName || user.userName,
    ...(fullName === ''
      ? {}
      : { name: { ...(familyName === null ? {} : { familyName }), ...(givenName === null ? {} : { givenName }) } }),
    ...(title === null ? {} : { title }),
    active: user.active,
    ...contactsOf(user.attributes),
    groups: [{ display: configuration.findGroup(user.group)?.name ?? user.group, value: user.group }],
    roles: user.roles.map(value => ({ value })),
    [urn.userAttribute]: { attributes: attributesOf(user) },
    [urn.userDevice]: {
      devices: user.devices.map(device => ({
        display: device.externalId,
        ...(device.friendlyName === null ? {} : { friendlyName: device.friendlyName }),
        value: String(device.id),
        ...(device.lastSuccessAt_ms === null ? {} : { lastSuccessfulDate: showDate(device.lastSuccessAt_ms) }),
        $ref: locationOf(site, 'Device', device.id),
      })),
    },
    [urn.userAuthenticator]: {
      authenticators: user.authenticators.map(policy =>
        memberRef(site, 'Authenticator', `${user.id}.${policy}`, policy),
      ),
    },
  }
}

function contactsOf(attributes: ReadonlyMap<string, string>): Pick<UserWire, 'emails' | 'phoneNumbers' | 'addresses'> {
  const email = attributes.get('ATR_EMAIL')
  const mobile = attributes.get('ATR_MOBILE')
  const addresses = addressCodes.map(code => attributes.get(code))
  const last = addresses.findLastIndex(address => address !== undefined)
  return {
    ...(email === undefined ? {} : { emails: [{ value: email }] }),
    ...(mobile === undefined ? {} : { phoneNumbers: [{ value: mobile }] }),
    ...(last < 0
      ? {}
      : { addresses: addresses.slice(0, last + 1).map(formatted => (formatted === undefined ? {} : { formatted })) }),
  }
}

function attributesOf({ externalId, givenName, familyName, title, attributes }: UserView) {
  const own: readonly (readonly [string, string | null])[] = [
    ['EXTERNALID', externalId],
    ['FIRSTNAME', givenName],
    ['LASTNAME', familyName],
    ['TITLE', title],
    ...attributes,
  ]
  return own.flatMap(([name, value]) => (value === null ? [] : { name, type: 'string', value, readOnly: false }))
}
