/**
 * The client of the device page: part of every tenant, in no row, so that nobody can change, disable or remove it, and nobody can
 * register another that may ask for its scope (docs/decisions/account-page.md). Public: PKCE is its only proof (RFC 7636), and its
 * one redirect URI stands on the configured origin.
 */
import type { KnownClient } from '#authentication/client-book.ts'
import { permissionsOf } from '#domain/permission.ts'
import type { Tenant } from '#domain/tenant.ts'

export const ACCOUNT_CLIENT = 'account'
export const ACCOUNT_SCOPE = 'account'

/** No user has this id: the client itself can hold no session. */
const NOBODY = 0
/** May have people sign in, and nothing else. */
const ROLES = ['RL_OPENIDCLIENT']

export const accountClient = ({ name }: Tenant, origin: string): KnownClient => ({
  clientId: ACCOUNT_CLIENT,
  user: NOBODY,
  obstacle: undefined,
  secretProof: null,
  roles: ROLES,
  permissions: permissionsOf(ROLES),
  document: {
    name: 'Your account',
    grantTypes: ['authorization_code'],
    responseTypes: ['code'],
    scopes: ['openid', 'profile', ACCOUNT_SCOPE],
    authMethod: 'none',
    ownPolicy: 'AT_SYSLOG',
    userPolicy: 'AT_STDPWD',
    userChannel: 'CH_SSP',
    numberMatching: true,
    redirectUris: [`${origin}/${name}/account/`],
  },
})
