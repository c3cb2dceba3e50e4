/** The one document of a tenant that says where its clients may be called back (rule C2). Written by the operator alone. */
import type { DocumentKind } from '#administration/document-kind.ts'
import type { CallbackRules } from '#domain/callback-rules.ts'
import { Refusal } from '#domain/refusal.ts'

const MOST_RANGES = 50

export const callbackRulesKind: DocumentKind<CallbackRules> = {
  list: 'callbackRules',
  noun: 'list of callback rules',
  event: 'CallbackRules',
  parameter: 'TEXT2',
  coversStock: true,
  find: (configuration, code) => (code === 'CALLBACKS' ? configuration.callbacks : undefined),
  all: configuration => configuration.callbackRules,
  refusalOf: ({ allowedRanges }) =>
    allowedRanges.length > MOST_RANGES
      ? new Refusal('invalid_value', `At most ${MOST_RANGES} ranges can be allowed.`)
      : undefined,
}
