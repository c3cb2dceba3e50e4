/**
 * Authentication policies, readable: `/configuration/{tenant}/v2/Policy/Authenticator`, and the same under
 * `/scim/{tenant}/v2/Policy/Authenticator`, an older address that clients still use and that authenticators point to.
 */
import { policyWire } from '@countersign/protocol/configuration/policy.ts'
import { policyOnWire } from '#configuration/policy-wire.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import type { Endpoint } from '#http/endpoint.ts'

export const policies: readonly Endpoint[] = ['configuration', 'scim'].flatMap(prefix =>
  readDocuments({
    path: `/${prefix}/{tenant}/v2/Policy/Authenticator`,
    noun: 'authentication policy',
    shape: policyWire,
    list: configuration => configuration.policies,
    find: (configuration, code) => configuration.findPolicy(code),
    onWire: policyOnWire,
  }),
)
