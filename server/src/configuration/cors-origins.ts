/**
 * Whose pages may read this tenant's answers: `/configuration/{tenant}/v2/CorsOrigins`. Whole origins only, compared byte by byte with
 * what the browser says: no wildcard, no `null`, no plain http but on this machine.
 */
import {
  CORS_ORIGINS,
  type CorsOriginsWrite,
  corsOriginsWire,
  corsOriginsWrite,
} from '@countersign/protocol/configuration/cors-origins.ts'
import { corsRulesKind } from '#administration/cors-rules-kind.ts'
import { singleDocument } from '#configuration/single-document.ts'
import type { CorsRules } from '#domain/cors-rules.ts'
import { Refusal } from '#domain/refusal.ts'

/** A wildcard is a letter of a host to the parser of addresses. */
const plain = /^https?:\/\/[a-z0-9.:[\]-]+$/
const loopback = ['localhost', '127.0.0.1', '[::1]']

export const corsOrigins = singleDocument<CorsRules, CorsOriginsWrite>({
  path: '/configuration/{tenant}/v2/CorsOrigins',
  rules: corsRulesKind,
  schema: CORS_ORIGINS,
  resourceType: 'CORS Origins',
  shape: corsOriginsWire,
  writeShape: corsOriginsWrite,
  maxBytes: 32_768,
  what: 'the origins whose pages may read answers of this tenant',
  of: ({ cors }) => cors,
  onWire: ({ origins }) => ({ origins: [...origins] }),
  said: ({ origins }) => ({ origins: [...new Set(origins.map(checked))] }),
})

function checked(text: string): string {
  const address = URL.canParse(text) ? new URL(text) : undefined
  const isOpen =
    address?.protocol === 'https:' || (address?.protocol === 'http:' && loopback.includes(address.hostname))
  if (address?.origin === text && plain.test(text) && isOpen) return text
  const shown = JSON.stringify(text.slice(0, 60))
  throw new Refusal('invalid_value', `${shown} is no origin like https://portal.example, or http on this machine.`)
}
