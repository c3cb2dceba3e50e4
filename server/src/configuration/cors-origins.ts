/**
 * Whose pages may read this tenant's answers: `/configuration/{tenant}/v2/CorsOrigins`. Whole origins only, compared byte by byte with
 * what the browser says: no wildcard, no `null`, no plain http but on this machine.
 */
import {
  CORS_ORIGINS,
  type CorsOriginsWire,
  type CorsOriginsWrite,
  corsOriginsWire,
  corsOriginsWrite,
} from '@countersign/protocol/configuration/cors-origins.ts'
import { Type } from 'typebox'
import { administratorOf } from '#administration/administrator.ts'
import { corsRulesKind } from '#administration/cors-rules-kind.ts'
import type { Documents } from '#administration/documents.ts'
import type { ConfiguredTenant } from '#configuration/read-documents.ts'
import { versionIn } from '#configuration/write-documents.ts'
import type { CorsRules } from '#domain/cors-rules.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { bearerMay, type Endpoint, endpoint, type Situation } from '#http/endpoint.ts'
import { assertNoSelector } from '#http/selector.ts'

interface Needs {
  readonly documents: Documents
}

const path = '/configuration/{tenant}/v2/CorsOrigins'
const query = Type.Object({}, { additionalProperties: true })
/** A wildcard is a letter of a host to the parser of addresses. */
const plain = /^https?:\/\/[a-z0-9.:[\]-]+$/
const loopback = ['localhost', '127.0.0.1', '[::1]']

const onWire = (
  { origins, version }: CorsRules,
  { origin, tenant }: Pick<Situation<{ readonly name: string }>, 'origin' | 'tenant'>,
): CorsOriginsWire => ({
  schemas: [CORS_ORIGINS],
  origins: [...origins],
  meta: {
    resourceType: 'CORS Origins',
    location: `${origin}${path.replace('{tenant}', tenant.name)}`,
    version: version ?? 1,
  },
})

const read = endpoint({
  method: 'GET',
  path,
  summary: 'Shows the origins whose pages may read answers of this tenant.',
  access: bearerMay('configuration.read'),
  query,
  answers: { status: 200, shape: corsOriginsWire },
  refusals: ['invalid_value'],
  async handle(request, here: Situation<ConfiguredTenant>) {
    assertNoSelector(request.query)
    return { body: onWire(here.tenant.configuration.cors, here) }
  },
})

const write = endpoint({
  method: 'PUT',
  path,
  summary: 'Says anew whose pages may read answers of this tenant.',
  access: bearerMay('configuration.update'),
  query,
  accepts: { as: 'json', shape: corsOriginsWrite, maxBytes: 32_768 },
  answers: { status: 200, shape: corsOriginsWire },
  refusals: ['invalid_value', 'version_mismatch'],
  async handle(request, here: Situation<Tenant>, { documents }: Needs) {
    assertNoSelector(request.query)
    const body = request.body as CorsOriginsWrite
    const origins = [...new Set(body.origins.map(checked))]
    const target = { code: 'CORS', version: versionIn(here, body) }
    const draft = (before: CorsRules): CorsRules => ({ ...before, origins })
    const rules = await documents.update(here.tenant, corsRulesKind, target, draft, administratorOf(here))
    return { body: onWire(rules, here) }
  },
})

export const corsOrigins: readonly Endpoint[] = [read, write]

function checked(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : undefined
  const isOpen =
    address?.protocol === 'https:' || (address?.protocol === 'http:' && loopback.includes(address.hostname))
  if (address?.origin === text && plain.test(text) && isOpen) return text
  const shown = JSON.stringify(text.slice(0, 60))
  throw new Refusal('invalid_value', `${shown} is no origin like https://portal.example, or http on this machine.`)
}
