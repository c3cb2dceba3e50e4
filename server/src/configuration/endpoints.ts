/** All endpoints of this door. Policies are only read: stock ones are read-only, and a tenant has no others. */
import { credentialTypes } from '#configuration/credential-types.ts'
import { deviceTypes } from '#configuration/device-types.ts'
import { policies } from '#configuration/policies.ts'
import { pushGateways } from '#configuration/push-gateways.ts'
import type { Endpoint } from '#http/endpoint.ts'

export const configurationEndpoints: readonly Endpoint[] = [
  ...policies,
  ...deviceTypes,
  ...credentialTypes,
  ...pushGateways,
]
