/** GET /{tenant}/authn/jwks: the public keys that verify what this tenant signs. RFC 7517. */
import { jwksAnswer } from '@countersign/protocol/openid/discovery.ts'
import type { Signer } from '#domain/ports/signer.ts'
import type { Tenant } from '#domain/tenant.ts'
import { anyone, endpoint, type Situation } from '#http/endpoint.ts'

type Needs = { readonly signer: Signer }

export const jwks = endpoint({
  method: 'GET',
  path: '/{tenant}/authn/jwks',
  summary: 'The public keys of the tenant.',
  access: anyone('public keys are public'),
  answers: { status: 200, shape: jwksAnswer },
  refusals: ['not_found'],

  async handle(_, { tenant }: Situation<Tenant>, { signer }: Needs) {
    return { body: await signer.jwks(tenant.number) }
  },
})
