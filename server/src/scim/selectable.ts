/**
 * What may be named in `attributes` and `excludedAttributes`, per resource: its members with their sub-attributes, and its
 * extensions by their whole URN. Data, in lower case as RFC 7643 section 2.1 compares. Other names are refused, because a
 * selection that is ignored shows more than was asked for.
 */
import { urn } from '@countersign/protocol/scim/urn.ts'
import type { SearchResource } from '#domain/search.ts'

export interface Selectable {
  /** The resource's own schema, which may stand before a name. */
  readonly schema: string
  readonly members: Readonly<Record<string, readonly string[]>>
  readonly extensions: Readonly<Record<string, readonly string[]>>
}

const reference = ['type', 'display', 'value', '$ref']
const attribute = ['name', 'type', 'value', 'readonly', 'multivalued']
const common = {
  schemas: [],
  id: [],
  externalid: [],
  meta: ['resourcetype', 'created', 'lastmodified', 'location', 'version'],
}
const lasting = { ...common, status: ['status', 'active', 'startdate', 'expirydate'] }
const statistics = [
  'maximumnumberofusages',
  'consecutivefailed',
  'consecutivesuccess',
  'totalfailed',
  'totalsuccess',
  'challengecount',
  'lastsuccessfuldate',
  'lastunsuccessfuldate',
  'lastsuccessfulchannel',
  'lastunsuccessfulchannel',
]

export const selectable: Readonly<Record<SearchResource, Selectable>> = {
  User: {
    schema: urn.user.toLowerCase(),
    members: {
      ...common,
      username: [],
      displayname: [],
      name: ['familyname', 'givenname'],
      title: [],
      usertype: [],
      active: [],
      emails: ['value', 'type'],
      phonenumbers: ['value', 'type'],
      addresses: ['formatted'],
      groups: reference,
      roles: reference,
    },
    extensions: {
      [urn.userAttribute.toLowerCase()]: ['attributes'],
      [urn.userDevice.toLowerCase()]: ['devices'],
      [urn.userAuthenticator.toLowerCase()]: ['authenticators'],
      [urn.enterpriseUser.toLowerCase()]: [],
    },
  },
  Device: {
    schema: urn.device.toLowerCase(),
    members: { ...lasting, friendlyname: [], type: [], owner: reference, children: reference, attributes: attribute },
    extensions: {},
  },
  Authenticator: {
    schema: urn.authenticator.toLowerCase(),
    members: {
      ...lasting,
      owner: reference,
      policy: reference,
      statistics,
      lastsuccessfuldevice: reference,
      attributes: attribute,
    },
    extensions: {},
  },
  Credential: {
    schema: urn.credential.toLowerCase(),
    members: { ...lasting, type: [], device: reference, attributes: attribute },
    extensions: {},
  },
  Provision: {
    schema: urn.provision.toLowerCase(),
    members: { ...lasting, devicetype: [], description: [], owner: reference, attributes: attribute },
    extensions: {},
  },
}
