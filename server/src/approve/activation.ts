/**
 * GET /{tenant}/approve/v1/service, POST …/activation/start, POST …/activation: who the service is, and how an app enrols
 * (docs/approve-protocol.md sections 3 and 4). Open to anyone: an invitation proves itself.
 */
import {
  activationAnswer,
  activationRequest,
  activationStart,
  activationStarted,
} from '@countersign/protocol/approve/activation.ts'
import { service as serviceShape } from '@countersign/protocol/approve/statement.ts'
import type { Enrolments } from '#authentication/enrolments.ts'
import type { Tenant } from '#domain/tenant.ts'
import { anyone, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'

type Needs = { readonly enrolments: Enrolments }
type Here = Situation<Tenant>

const hostOf = ({ origin }: Here) => new URL(origin).host

export const activationEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/{tenant}/approve/v1/service',
    summary: 'Tells who the service is: its approve root and the statements about its working keys.',
    access: anyone('public keys are public'),
    answers: { status: 200, shape: serviceShape },
    refusals: ['not_found'],
    async handle(_, here: Here, { enrolments }: Needs) {
      return { body: await enrolments.service(here.tenant, hostOf(here)) }
    },
  }),

  endpoint({
    method: 'POST',
    path: '/{tenant}/approve/v1/activation/start',
    summary: 'Gives the salt and the nonce of an activation; the same for every name, known or not.',
    access: anyone('it tells nothing that depends on whether somebody exists'),
    accepts: { as: 'json', shape: activationStart, maxBytes: 2048 },
    answers: { status: 200, shape: activationStarted },
    refusals: ['not_found', 'not_allowed'],
    async handle({ body }, here: Here, { enrolments }: Needs) {
      return { body: await enrolments.start(here.tenant, body.uid, body.type, hostOf(here)) }
    },
  }),

  endpoint({
    method: 'POST',
    path: '/{tenant}/approve/v1/activation',
    summary: 'Enrols an app by the proof that it has the invitation.',
    access: anyone('the proof of the invitation is what lets in'),
    accepts: { as: 'json', shape: activationRequest, maxBytes: 32_768 },
    answers: { status: 200, shape: activationAnswer },
    refusals: ['not_found', 'not_allowed', 'activation_failed', 'too_many_requests', 'temporarily_unavailable'],
    async handle({ body }, here: Here, { enrolments }: Needs) {
      const { source, correlation } = here
      return { body: await enrolments.activate(here.tenant, body, { source, correlation, host: hostOf(here) }) }
    },
  }),
]
