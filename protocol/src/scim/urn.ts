/**
 * The schema URNs of the SCIM API: RFC 7643 / 7644 ones and the reference's own. As constants, because clients compare
 * them letter by letter; RFC 7643 section 2.1 compares names without regard to case, and so do we when reading.
 */
export const urn = {
  user: 'urn:ietf:params:scim:schemas:core:2.0:User',
  group: 'urn:ietf:params:scim:schemas:core:2.0:Group',
  enterpriseUser: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User',
  userDevice: 'urn:hid:scim:api:idp:2.0:UserDevice',
  userAttribute: 'urn:hid:scim:api:idp:2.0:UserAttribute',
  userAuthenticator: 'urn:hid:scim:api:idp:2.0:UserAuthenticator',
  authenticator: 'urn:hid:scim:api:idp:2.0:Authenticator',
  password: 'urn:hid:scim:api:idp:2.0:Password',
  action: 'urn:hid:scim:api:idp:2.0:Action',
  device: 'urn:hid:scim:api:idp:2.0:Device',
  credential: 'urn:hid:scim:api:idp:2.0:Credential',
  provision: 'urn:hid:scim:api:idp:2.0:Provision',
  listResponse: 'urn:ietf:params:scim:api:messages:2.0:ListResponse',
  searchRequest: 'urn:ietf:params:scim:api:messages:2.0:SearchRequest',
  error: 'urn:ietf:params:scim:api:messages:2.0:Error',
} as const
