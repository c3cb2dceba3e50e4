/** The endpoints of the SCIM door. */
import type { Endpoint } from '#http/endpoint.ts'
import { authenticatorEndpoints } from '#scim/authenticators.ts'
import { credentialEndpoints } from '#scim/credentials.ts'
import { deviceEndpoints } from '#scim/devices.ts'
import { importEndpoints } from '#scim/imports.ts'
import { provisionEndpoints } from '#scim/provisions.ts'
import { userEndpoints } from '#scim/users.ts'

export const scimEndpoints: readonly Endpoint[] = [
  ...userEndpoints,
  ...authenticatorEndpoints,
  ...deviceEndpoints,
  ...credentialEndpoints,
  ...importEndpoints,
  ...provisionEndpoints,
]
