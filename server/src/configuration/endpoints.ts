/** All endpoints of this door. Stock documents are read-only and a tenant has no others yet, so there are only reads. */
import { credentialTypes } from '#configuration/credential-types.ts'
import { deviceTypes } from '#configuration/device-types.ts'
import { policies } from '#configuration/policies.ts'
import type { Endpoint } from '#http/endpoint.ts'

export const configurationEndpoints: readonly Endpoint[] = [...policies, ...deviceTypes, ...credentialTypes]
