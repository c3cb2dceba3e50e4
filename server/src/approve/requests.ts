/** What waits for a device and what it answers (docs/approve-protocol.md sections 6 to 8): inbox, one request, answer, scan, requests of its own. */
import {
  answerAnswer,
  answerRequest,
  directAnswer,
  directRequest,
  inboxAnswer,
  requestAnswer,
  requestPath,
  scanRequest,
} from '@countersign/protocol/approve/request.ts'
import { type ApproveNeeds, callerOf, callRefusals, changeRefusals, signedBy, timeOf } from '#approve/signed-call.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'

type Here = Situation<Tenant>

const overRefusals = ['already_answered', 'request_expired', 'temporarily_unavailable'] as const

export const requestEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/{tenant}/approve/v1/inbox',
    summary: 'Lists the open requests of the device and what it was told.',
    access: signedBy,
    answers: { status: 200, shape: inboxAnswer },
    refusals: callRefusals,
    async handle(_, here: Here, needs: ApproveNeeds) {
      const caller = await callerOf(here, needs)
      return { body: { ...(await needs.approvals.inbox(here.tenant, caller)), ...timeOf(needs) } }
    },
  }),

  endpoint({
    method: 'GET',
    path: '/{tenant}/approve/v1/approvals/{id}',
    summary: 'Shows one request: the text to be signed and what may be answered.',
    access: signedBy,
    params: requestPath,
    answers: { status: 200, shape: requestAnswer },
    refusals: [...callRefusals, ...overRefusals],
    async handle({ path }, here: Here, needs: ApproveNeeds) {
      const caller = await callerOf(here, needs)
      return { body: await needs.approvals.show(here.tenant, caller, Number(path.id)) }
    },
  }),

  endpoint({
    method: 'POST',
    path: '/{tenant}/approve/v1/approvals/{id}/answer',
    summary: 'Answers a request by a signed approval, once.',
    access: signedBy,
    params: requestPath,
    accepts: { as: 'json', shape: answerRequest, maxBytes: 65_536, maxTextCharacters: 32_768 },
    answers: { status: 200, shape: answerAnswer },
    refusals: [...changeRefusals, 'already_answered', 'request_expired', 'invalid_answer'],
    async handle({ path, body }, here: Here, needs: ApproveNeeds) {
      const caller = await callerOf(here, needs)
      const id = Number(path.id)
      // Only who has the QR code of a request that names nobody may make it his.
      const scanned = body.scan !== undefined && (await needs.scanned(here.tenant, body.scan)) === id
      const { status } = await needs.approvals.answer(here.tenant, caller, id, body.jws, scanned)
      return { body: { status, ...timeOf(needs) } }
    },
  }),

  endpoint({
    method: 'POST',
    path: '/{tenant}/approve/v1/scan',
    summary: 'Shows the request of a QR code that the device has scanned.',
    access: signedBy,
    accepts: { as: 'json', shape: scanRequest, maxBytes: 16_384, maxTextCharacters: 8192 },
    answers: { status: 200, shape: requestAnswer },
    refusals: [...callRefusals, ...overRefusals],
    async handle({ body }, here: Here, needs: ApproveNeeds) {
      const caller = await callerOf(here, needs)
      const id = await needs.scanned(here.tenant, body.jwt)
      const shown = await needs.approvals.show(here.tenant, caller, id, true)
      // Only the live camera shows that the screen stood before the eyes of whoever signs.
      return { body: { ...shown, scan: body.jwt, silent: shown.silent && body.via === 'camera' } }
    },
  }),

  endpoint({
    method: 'POST',
    path: '/{tenant}/approve/v1/requests',
    summary: 'Takes a request that the device started and signed itself (Direct Client Signature).',
    access: signedBy,
    accepts: { as: 'json', shape: directRequest, maxBytes: 65_536, maxTextCharacters: 32_768 },
    answers: { status: 200, shape: directAnswer },
    refusals: [...changeRefusals, 'already_answered', 'invalid_answer', 'too_many_requests'],
    async handle({ body }, here: Here, needs: ApproveNeeds) {
      const caller = await callerOf(here, needs)
      const { purpose, jws, template, values = {}, client } = body
      const issuer = `${here.origin}/${here.tenant.name}/authn`
      const request = { purpose, jws, template, values, client, issuer, correlation: here.correlation }
      return { body: { ...(await needs.signDirectly(here.tenant, caller, request)), ...timeOf(needs) } }
    },
  }),
]
