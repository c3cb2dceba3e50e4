/** When a message template may be saved: one of the tenant's own may stand in the place of a stock one; purpose and method stay. */
import type { DocumentKind } from '#administration/document-kind.ts'
import type { MessageTemplate } from '#domain/message-template.ts'
import { Refusal } from '#domain/refusal.ts'

export const messageTemplateKind: DocumentKind<MessageTemplate> = {
  list: 'messageTemplates',
  noun: 'message template',
  event: 'MessageTemplate',
  parameter: 'TEXT2',
  coversStock: true,
  find: (configuration, code) => configuration.findMessageTemplate(code),
  all: configuration => configuration.messageTemplates,

  refusalOf(template, { configuration, before }) {
    const { code, purpose, method, language, version } = template
    if (before && (before.purpose !== purpose || before.method !== method || before.language !== language))
      return new Refusal('immutable', 'Purpose, method and language of a template stay.')
    const own = configuration.messageTemplates.find(
      one =>
        one.version !== undefined &&
        one.code !== code &&
        one.purpose === purpose &&
        one.method === method &&
        one.language === language,
    )
    return version !== undefined && own
      ? new Refusal('uniqueness', `${own.code} is the tenant's template of this purpose, method and language.`)
      : undefined
  },
}
