/**
 * Which makers' keys this tenant trusts: `/configuration/{tenant}/v2/Fido/Policy`. A PUT says everything anew: what it leaves out is as in
 * the stock policy. A certificate is read when it is put, so that none is kept that could never vouch for anybody.
 */
import { X509Certificate } from 'node:crypto'
import {
  FIDO_POLICY,
  type FidoPolicyWire,
  type FidoPolicyWrite,
  fidoPolicyWire,
  fidoPolicyWrite,
} from '@countersign/protocol/configuration/fido-policy.ts'
import { Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import type { Documents } from '#administration/documents.ts'
import { fidoPolicyKind } from '#administration/fido-policy-kind.ts'
import type { ConfiguredTenant } from '#configuration/read-documents.ts'
import { versionIn } from '#configuration/write-documents.ts'
import { type FidoAnchor, type FidoPolicy, STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { assertNoSelector } from '#http/selector.ts'

interface Needs {
  readonly documents: Documents
}

const path = '/configuration/{tenant}/v2/Fido/Policy'
const query = Type.Object({}, { additionalProperties: true })

const onWire = (
  { refusedStatuses, anchors, allowUntrustedDirect, version }: FidoPolicy,
  { origin, tenant }: Pick<Situation<{ readonly name: string }>, 'origin' | 'tenant'>,
): FidoPolicyWire => ({
  schemas: [FIDO_POLICY],
  refusedStatuses: [...refusedStatuses],
  anchors: anchors.map(shown),
  allowUntrustedDirect,
  meta: {
    resourceType: 'Fido Policy',
    location: `${origin}${path.replace('{tenant}', tenant.name)}`,
    version: version ?? 1,
  },
})

const read = endpoint({
  method: 'GET',
  path,
  summary: 'Shows which makers of security keys this tenant trusts.',
  access: bearerMay('configuration.read'),
  query,
  answers: { status: 200, shape: fidoPolicyWire },
  refusals: ['invalid_value'],
  async handle(request, here: Situation<ConfiguredTenant>) {
    assertNoSelector(request.query)
    return { body: onWire(here.tenant.configuration.fido, here) }
  },
})

const write = endpoint({
  method: 'PUT',
  path,
  summary: 'Says anew which makers of security keys this tenant trusts.',
  access: bearerMay('configuration.update'),
  query,
  accepts: { as: 'json', shape: fidoPolicyWrite, maxBytes: 262_144 },
  answers: { status: 200, shape: fidoPolicyWire },
  refusals: ['invalid_value', 'version_mismatch'],
  async handle(request, here: Situation<Tenant>, { documents }: Needs) {
    assertNoSelector(request.query)
    const body = request.body as FidoPolicyWrite
    const { refusedStatuses, allowUntrustedDirect } = STOCK_FIDO_POLICY
    const said = {
      refusedStatuses: [...new Set(body.refusedStatuses ?? refusedStatuses)],
      anchors: (body.anchors ?? []).map(checked),
      allowUntrustedDirect: body.allowUntrustedDirect ?? allowUntrustedDirect,
    }
    const target = { code: 'FIDO', version: versionIn(here, body) }
    const draft = (before: FidoPolicy): FidoPolicy => ({ ...before, ...said })
    const policy = await documents.update(here.tenant, fidoPolicyKind, target, draft, administratorOf(here))
    return { body: onWire(policy, here) }
  },
})

export const fidoPolicy: readonly Endpoint[] = [read, write]

function checked(anchor: { readonly certificate: string; readonly aaguids: readonly string[] }): FidoAnchor {
  const certificate = parse(anchor.certificate)
  if (!certificate) throw new Refusal('invalid_value', 'An anchor is one certificate in PEM.')
  return { pem: certificate.toString(), aaguids: [...new Set(anchor.aaguids.map(one => one.toLowerCase()))] }
}

function parse(pem: string): X509Certificate | undefined {
  // Several in one text would be read as the first alone.
  if (pem.split('-----BEGIN').length !== 2) return undefined
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

function shown({ pem, aaguids }: FidoAnchor): FidoPolicyWire['anchors'][number] {
  const { subject = '', validTo } = parse(pem) ?? { validTo: '' }
  const until = new Date(validTo)
  return {
    certificate: pem,
    aaguids: [...aaguids],
    subject: subject.split('\n').join(', '),
    validTo: Number.isNaN(until.getTime()) ? '' : until.toISOString(),
  }
}
