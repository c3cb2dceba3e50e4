/** Credential types, readable: `/configuration/{tenant}/v2/Credential/Type`. */
import { credentialTypeWire } from '@countersign/protocol/configuration/credential-type.ts'
import { credentialTypeOnWire } from '#configuration/credential-type-wire.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import type { Endpoint } from '#http/endpoint.ts'

export const credentialTypes: readonly Endpoint[] = readDocuments({
  path: '/configuration/{tenant}/v2/Credential/Type',
  noun: 'credential type',
  shape: credentialTypeWire,
  list: configuration => configuration.credentialTypes,
  find: (configuration, code) => configuration.findCredentialType(code),
  onWire: credentialTypeOnWire,
})
