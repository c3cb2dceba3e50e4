/** All endpoints of this door. */

import { cardApplications } from '#configuration/card-applications.ts'
import { corsOrigins } from '#configuration/cors-origins.ts'
import { credentialTypes } from '#configuration/credential-types.ts'
import { deviceTypes } from '#configuration/device-types.ts'
import { fidoModels } from '#configuration/fido-models.ts'
import { fidoPolicy } from '#configuration/fido-policy.ts'
import { messageGateways } from '#configuration/message-gateways.ts'
import { messageTemplates } from '#configuration/message-templates.ts'
import { policies } from '#configuration/policies.ts'
import { pushGateways } from '#configuration/push-gateways.ts'
import { themes } from '#configuration/themes.ts'
import { workflows } from '#configuration/workflows.ts'
import type { Endpoint } from '#http/endpoint.ts'

export const configurationEndpoints: readonly Endpoint[] = [
  ...workflows,
  ...themes,
  ...policies,
  ...deviceTypes,
  ...credentialTypes,
  ...pushGateways,
  ...messageGateways,
  ...messageTemplates,
  ...corsOrigins,
  ...fidoPolicy,
  ...fidoModels,
  ...cardApplications,
]
