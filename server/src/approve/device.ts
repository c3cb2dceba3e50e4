/** What an app does with itself (docs/approve-protocol.md section 6): policy, name, waking, renewal, removal, and its live connection. */
import { policyAnswer } from '@countersign/protocol/approve/policy-document.ts'
import { keysAnswer, keysRequest } from '@countersign/protocol/approve/renewal.ts'
import { deviceAnswer, deviceChange } from '@countersign/protocol/approve/request.ts'
import { Type } from 'typebox'
import { type ApproveNeeds, callerOf, callRefusals, changeRefusals, signedBy, timeOf } from '#approve/signed-call.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { EventStream } from '#http/event-stream.ts'

type Here = Situation<Tenant>

export const deviceEndpoints: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/{tenant}/approve/v1/policy',
    summary: 'Gives the signed policy document of the device type.',
    access: signedBy,
    answers: { status: 200, shape: policyAnswer },
    refusals: callRefusals,
    async handle(_, here: Here, needs: ApproveNeeds) {
      const caller = await callerOf(here, needs)
      return { body: { policy: await needs.lifecycle.policy(here.tenant, caller), ...timeOf(needs) } }
    },
  }),

  endpoint({
    method: 'GET',
    path: '/{tenant}/approve/v1/events',
    summary: 'Stays open and tells of requests as they come (server-sent events).',
    access: signedBy,
    answers: { status: 200, shape: Type.String(), type: 'text/event-stream' },
    refusals: [...callRefusals, 'too_many_requests'],
    async handle(_, here: Here, needs: ApproveNeeds) {
      const { row } = await callerOf(here, needs)
      const stream = new EventStream(sink => {
        const listener = {
          tell: ({ event, data }: { event: string; data: object }) => sink.send(event, data),
          close: () => sink.close(),
        }
        const leave = needs.live.listen(here.tenant.number, row.device, listener)
        if (leave === undefined) sink.close()
        return leave ?? (() => undefined)
      })
      return { body: stream }
    },
  }),

  endpoint({
    method: 'PUT',
    path: '/{tenant}/approve/v1/device',
    summary: 'Renames the device, or says how it is woken.',
    access: signedBy,
    accepts: { as: 'json', shape: deviceChange, maxBytes: 8192 },
    answers: { status: 200, shape: deviceAnswer },
    refusals: changeRefusals,
    async handle({ body }, here: Here, needs: ApproveNeeds) {
      const caller = await callerOf(here, needs)
      if (body.wake && !isHttps(body.wake.endpoint)) throw new Refusal('invalid_request', 'The endpoint is no address.')
      const name = await needs.lifecycle.change(here.tenant, caller, body, here.correlation)
      return { body: { name, ...timeOf(needs) } }
    },
  }),

  endpoint({
    method: 'POST',
    path: '/{tenant}/approve/v1/device/keys',
    summary: 'Exchanges all keys of the device for new ones.',
    access: signedBy,
    accepts: { as: 'json', shape: keysRequest, maxBytes: 32_768 },
    answers: { status: 200, shape: keysAnswer },
    refusals: [...changeRefusals, 'invalid_answer'],
    async handle({ body }, here: Here, needs: ApproveNeeds) {
      const caller = await callerOf(here, needs)
      return {
        body: { ...(await needs.lifecycle.renew(here.tenant, caller, body, here.correlation)), ...timeOf(needs) },
      }
    },
  }),

  endpoint({
    method: 'DELETE',
    path: '/{tenant}/approve/v1/device',
    summary: 'Removes the device with its keys.',
    access: signedBy,
    answers: { status: 204, shape: Type.Null() },
    refusals: changeRefusals,
    async handle(_, here: Here, needs: ApproveNeeds) {
      const caller = await callerOf(here, needs)
      await needs.lifecycle.remove(here.tenant, caller, here.correlation)
      return { body: null }
    },
  }),
]

/** Whether the address may be reached at all is asked when something is sent there. */
const isHttps = (text: string) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
