/**
 * The documents that every tenant starts with. They are versioned code: a tenant stores only what it has of its own, so
 * ten thousand tenants cost what one costs. All are read-only; only what an engine of this server can prove stands here.
 */
import { absentCredentialTypes, absentDeviceTypes } from '#configuration/seed/absent-algorithms.ts'
import { attributeTypes } from '#configuration/seed/attribute-types.ts'
import { cardPolicies } from '#configuration/seed/cards.ts'
import { channels } from '#configuration/seed/channels.ts'
import { credentialTypes } from '#configuration/seed/credential-types.ts'
import { genericDeviceTypes } from '#configuration/seed/device-types-generic.ts'
import { hardwareDeviceTypes } from '#configuration/seed/device-types-hardware.ts'
import { groups } from '#configuration/seed/groups.ts'
import { messageTemplates } from '#configuration/seed/message-templates.ts'
import { oobCredentialTypes, oobDeviceTypes, oobPolicies } from '#configuration/seed/oob.ts'
import { passkeyCredentialTypes, passkeyDeviceTypes, passkeyPolicies } from '#configuration/seed/passkeys.ts'
import { permissionSets } from '#configuration/seed/permission-sets.ts'
import { keyPolicies } from '#configuration/seed/policies-keys.ts'
import { otpPolicies } from '#configuration/seed/policies-otp.ts'
import { passwordPolicies } from '#configuration/seed/policies-passwords.ts'
import { gateways, pushCredentialTypes, pushDeviceTypes, pushPolicies } from '#configuration/seed/push.ts'
import { roles } from '#configuration/seed/roles.ts'
import { themes, workflows } from '#configuration/seed/workflows.ts'
import { NO_CALLBACK_RULES } from '#domain/callback-rules.ts'
import type { Documents } from '#domain/configuration.ts'
import { NO_CORS_RULES } from '#domain/cors-rules.ts'
import { STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'

export const stock: Documents = {
  policies: [
    ...passwordPolicies,
    ...otpPolicies,
    ...pushPolicies,
    ...oobPolicies,
    ...passkeyPolicies,
    ...cardPolicies,
    ...keyPolicies,
  ],
  deviceTypes: [
    ...hardwareDeviceTypes,
    ...genericDeviceTypes,
    ...pushDeviceTypes,
    ...oobDeviceTypes,
    ...passkeyDeviceTypes,
  ],
  credentialTypes: [...credentialTypes, ...pushCredentialTypes, ...oobCredentialTypes, ...passkeyCredentialTypes],
  channels,
  groups,
  roles,
  permissionSets,
  attributeTypes,
  gateways,
  mailGateways: [],
  smsGateways: [],
  messageTemplates,
  workflows,
  themes,
  callbackRules: [NO_CALLBACK_RULES],
  corsRules: [NO_CORS_RULES],
  fidoPolicies: [STOCK_FIDO_POLICY],
  cardApplications: [],
  absences: [...absentDeviceTypes, ...absentCredentialTypes],
}
