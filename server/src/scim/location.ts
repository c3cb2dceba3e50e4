/**
 * Absolute addresses of resources (`$ref`, `meta.location`): under the configured public origin and never under what a
 * caller wrote into Host. Clients fetch them as they are. Surprise: the collections of devices and authenticators are
 * named in the singular, only `Users` is not.
 */
import type { Tenant } from '#domain/tenant.ts'
import type { Situation } from '#http/endpoint.ts'

const segments = {
  User: 'Users',
  Device: 'Device',
  Credential: 'Credential',
  Authenticator: 'Authenticator',
  Provision: 'Device/Provision',
  AuthenticatorPolicy: 'Policy/Authenticator',
} as const

export type Located = keyof typeof segments

/** Under which addresses one answer speaks. */
export interface Site {
  /** `https://host`, from configuration. */
  readonly origin: string
  /** The tenant's public name. */
  readonly tenant: string
}

export const siteOf = ({ origin, tenant }: Situation<Tenant>): Site => ({ origin, tenant: tenant.name })

export function locationOf(site: Site, what: Located, id: string | number): string {
  return `${site.origin}/scim/${encodeURIComponent(site.tenant)}/v2/${segments[what]}/${encodeURIComponent(id)}`
}
