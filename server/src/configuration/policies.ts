/**
 * Authentication policies: `/configuration/{tenant}/v2/Policy/Authenticator`, and readable under
 * `/scim/{tenant}/v2/Policy/Authenticator`, an older address that clients still use and that authenticators point to. Stock
 * policies are cloned, never changed.
 */
import { policyWire, policyWrite } from '@countersign/protocol/configuration/policy.ts'
import { policyKind } from '#administration/policy-rules.ts'
import { changedPolicy, newPolicy } from '#configuration/policy-read.ts'
import { policyOnWire } from '#configuration/policy-wire.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import { writeDocuments } from '#configuration/write-documents.ts'
import type { Endpoint } from '#http/endpoint.ts'

const kind = {
  path: '/configuration/{tenant}/v2/Policy/Authenticator',
  noun: 'authentication policy',
  shape: policyWire,
  list: policyKind.all,
  find: policyKind.find,
  onWire: policyOnWire,
}

export const policies: readonly Endpoint[] = [
  ...readDocuments(kind),
  ...readDocuments({ ...kind, path: '/scim/{tenant}/v2/Policy/Authenticator' }),
  ...writeDocuments({
    ...kind,
    rules: policyKind,
    writeShape: policyWrite,
    create: newPolicy,
    change: changedPolicy,
  }),
]
