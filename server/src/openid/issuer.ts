/** The issuer of a tenant: the configured public origin, never what a request claims. OpenID Connect Core section 2. */
import type { Tenant } from '#domain/tenant.ts'

export const issuerOf = (origin: string, tenant: Tenant): string => `${origin}/${tenant.name}/authn`
