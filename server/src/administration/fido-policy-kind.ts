/** The one document of a tenant that says which makers' keys it trusts. */
import type { DocumentKind } from '#administration/document-kind.ts'
import type { FidoPolicy } from '#domain/fido-policy.ts'

export const fidoPolicyKind: DocumentKind<FidoPolicy> = {
  list: 'fidoPolicies',
  noun: 'policy of keys',
  event: 'FidoPolicy',
  parameter: 'TEXT2',
  coversStock: true,
  find: (configuration, code) => (code === 'FIDO' ? configuration.fido : undefined),
  all: configuration => configuration.fidoPolicies,
  refusalOf: () => undefined,
}
