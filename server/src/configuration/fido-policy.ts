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
import { fidoPolicyKind } from '#administration/fido-policy-kind.ts'
import { singleDocument } from '#configuration/single-document.ts'
import { type FidoAnchor, type FidoPolicy, STOCK_FIDO_POLICY } from '#domain/fido-policy.ts'
import { Refusal } from '#domain/refusal.ts'

export const fidoPolicy = singleDocument<FidoPolicy, FidoPolicyWrite>({
  path: '/configuration/{tenant}/v2/Fido/Policy',
  rules: fidoPolicyKind,
  schema: FIDO_POLICY,
  resourceType: 'Fido Policy',
  shape: fidoPolicyWire,
  writeShape: fidoPolicyWrite,
  maxBytes: 262_144,
  what: 'which makers of security keys this tenant trusts',
  of: ({ fido }) => fido,
  onWire: ({ refusedStatuses, anchors, allowUntrustedDirect }) => ({
    refusedStatuses: [...refusedStatuses],
    anchors: anchors.map(shown),
    allowUntrustedDirect,
  }),
  said: ({ anchors = [], ...said }) => ({
    refusedStatuses: [...new Set(said.refusedStatuses ?? STOCK_FIDO_POLICY.refusedStatuses)],
    anchors: anchors.map(checked),
    allowUntrustedDirect: said.allowUntrustedDirect ?? STOCK_FIDO_POLICY.allowUntrustedDirect,
  }),
})

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
