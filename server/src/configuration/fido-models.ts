/**
 * What is known of a model of security keys, and whether this tenant takes it: `GET /configuration/{tenant}/v2/Fido/Models/{aaguid}`. Says
 * beforehand what a refusal at enrolment says afterwards, in the same codes. A model that nobody described is answered, too: that is news.
 */
import { FIDO_MODEL, type FidoModelWire, fidoModelWire } from '@countersign/protocol/configuration/fido-policy.ts'
import { Type } from 'typebox'
import type { ConfiguredTenant } from '#configuration/read-documents.ts'
import { type FidoPolicy, isRefused } from '#domain/fido-policy.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { FidoModel, FidoModels } from '#domain/ports/fido-metadata.ts'
import { Refusal } from '#domain/refusal.ts'
import { bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { assertNoSelector } from '#http/selector.ts'

interface Needs {
  readonly fidoModels: FidoModels
  readonly clock: Clock
}

const path = '/configuration/{tenant}/v2/Fido/Models/{id}'
const AAGUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

const read = endpoint({
  method: 'GET',
  path,
  summary: 'Shows what is known of a model of security keys, and whether this tenant takes it.',
  access: bearerMay('configuration.read'),
  query: Type.Object({}, { additionalProperties: true }),
  params: Type.Object({ id: Type.String({ maxLength: 64 }) }),
  answers: { status: 200, shape: fidoModelWire },
  refusals: ['invalid_value'],
  async handle(request, here: Situation<ConfiguredTenant>, { fidoModels, clock }: Needs) {
    assertNoSelector(request.query)
    const aaguid = request.path.id.toLowerCase()
    if (!AAGUID.test(aaguid)) throw new Refusal('invalid_value', 'A model is named by its AAGUID.')
    const { tenant, origin } = here
    const location = `${origin}${path.replace('{tenant}', tenant.name).replace('{id}', aaguid)}`
    const model = await fidoModels.find(aaguid)
    const body = view(aaguid, model, tenant.configuration.fido, clock.now())
    return { body: { ...body, meta: { resourceType: 'Fido Model', location, version: 1 } } }
  },
})

export const fidoModels: readonly Endpoint[] = [read]

function view(aaguid: string, model: FidoModel | undefined, policy: FidoPolicy, now_ms: number): FidoModelWire {
  const reports = (model?.reports ?? []).map(report => ({
    ...{ status: report.status, oneCertificate: report.certificate !== undefined },
    ...(report.effectiveDate === undefined ? {} : { effectiveDate: report.effectiveDate }),
    refused: isRefused(policy, report, now_ms),
  }))
  const anchors = {
    metadata: model?.anchors.length ?? 0,
    policy: policy.anchors.filter(({ aaguids }) => aaguids.includes(aaguid)).length,
  }
  const refused = reports.find(report => report.refused && !report.oneCertificate)
  const withoutAnchor = anchors.metadata + anchors.policy === 0 ? 'no_anchor' : undefined
  const reason = refused ? `status_${refused.status}` : withoutAnchor
  return {
    schemas: [FIDO_MODEL],
    id: aaguid,
    ...(model ? { description: model.description } : {}),
    statuses: reports,
    anchors,
    usable: reason === undefined,
    ...(reason === undefined ? {} : { reason }),
  }
}
