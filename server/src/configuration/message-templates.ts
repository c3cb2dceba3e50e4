/** Texts of messages: `/configuration/{tenant}/v2/MessageTemplate`. */
import { messageTemplateWire, messageTemplateWrite } from '@countersign/protocol/configuration/message-template.ts'
import { messageTemplateKind } from '#administration/message-template-rules.ts'
import {
  changedMessageTemplate,
  messageTemplateOnWire,
  newMessageTemplate,
} from '#configuration/message-template-wire.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import { writeDocuments } from '#configuration/write-documents.ts'
import type { Endpoint } from '#http/endpoint.ts'

const kind = {
  path: '/configuration/{tenant}/v2/MessageTemplate',
  noun: 'message template',
  shape: messageTemplateWire,
  list: messageTemplateKind.all,
  find: messageTemplateKind.find,
  onWire: messageTemplateOnWire,
}

export const messageTemplates: readonly Endpoint[] = [
  ...readDocuments(kind),
  ...writeDocuments({
    ...kind,
    rules: messageTemplateKind,
    writeShape: messageTemplateWrite,
    create: newMessageTemplate,
    change: changedMessageTemplate,
  }),
]
