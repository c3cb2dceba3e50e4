/** Credential types, readable and writable: `/configuration/{tenant}/v2/Credential/Type`. */
import { credentialTypeWire, credentialTypeWrite } from '@countersign/protocol/configuration/credential-type.ts'
import { credentialTypeKind } from '#administration/credential-type-rules.ts'
import { changedCredentialType, newCredentialType } from '#configuration/credential-type-read.ts'
import { credentialTypeOnWire } from '#configuration/credential-type-wire.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import { writeDocuments } from '#configuration/write-documents.ts'
import type { Endpoint } from '#http/endpoint.ts'

const kind = {
  path: '/configuration/{tenant}/v2/Credential/Type',
  noun: 'credential type',
  shape: credentialTypeWire,
  list: credentialTypeKind.all,
  find: credentialTypeKind.find,
  onWire: credentialTypeOnWire,
}

export const credentialTypes: readonly Endpoint[] = [
  ...readDocuments(kind),
  ...writeDocuments({
    ...kind,
    rules: credentialTypeKind,
    writeShape: credentialTypeWrite,
    create: newCredentialType,
    change: changedCredentialType,
  }),
]
