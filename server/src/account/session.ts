/** DELETE /{tenant}/account/session: signs out. The token that asks is over; what the person signed in to elsewhere is not touched. */
import { Type } from 'typebox'
import { forPerson, personal, personalRefusals } from '#account/person.ts'
import type { Callers } from '#authentication/callers.ts'
import { endpoint } from '#http/endpoint.ts'

type Needs = { readonly callers: Callers }

export const session = endpoint({
  method: 'DELETE',
  path: '/{tenant}/account/session',
  summary: 'Ends the session of the token that asks.',
  access: personal,
  answers: { status: 204, shape: Type.Null() },
  refusals: personalRefusals,
  handle: forPerson(async (_, { tenant }, { bearer, correlation }, { callers }: Needs) => {
    await callers.end(tenant, bearer, correlation)
    return { body: null }
  }),
})
