/** The one document of a tenant that says whose pages may read its answers. */
import type { DocumentKind } from '#administration/document-kind.ts'
import type { CorsRules } from '#domain/cors-rules.ts'

export const corsRulesKind: DocumentKind<CorsRules> = {
  list: 'corsRules',
  noun: 'list of CORS origins',
  event: 'CorsOrigins',
  parameter: 'TEXT2',
  coversStock: true,
  find: (configuration, code) => (code === 'CORS' ? configuration.cors : undefined),
  all: configuration => configuration.corsRules,
  refusalOf: () => undefined,
}
