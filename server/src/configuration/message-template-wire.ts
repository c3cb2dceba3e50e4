/**
 * A message template on the wire and back. A placeholder that nothing fills is refused, and so is a text without what the message is
 * for: the code, or the link of an invitation. HTML goes to mail programs only; values are escaped when they are filled in.
 */
import {
  MESSAGE_TEMPLATE,
  type MessageTemplateWire,
  type MessageTemplateWrite,
} from '@countersign/protocol/configuration/message-template.ts'
import { merged } from '#configuration/merged.ts'
import { MESSAGE_PLACEHOLDERS, type MessageTemplate } from '#domain/message-template.ts'
import { Refusal } from '#domain/refusal.ts'

const codeForm = /^[A-Za-z][A-Za-z0-9_-]{2,31}$/
const placeholder = /\{\$[^{}]*\}/g
const hidden = /[\p{Cc}\u200b\u2028-\u202e\u2060-\u206f\ufeff]/u
const LONGEST_SMS = 612

const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

export function messageTemplateOnWire(template: MessageTemplate, location: string): MessageTemplateWire {
  const { code, version, name, notes, readOnly, purpose, method, language, subject, text, html } = template
  return {
    schemas: [MESSAGE_TEMPLATE],
    id: code,
    name,
    ...(notes === undefined ? {} : { notes }),
    ...{ readOnly, purpose, method, language },
    ...(subject === undefined ? {} : { subject }),
    text,
    ...(html === undefined ? {} : { html }),
    meta: { resourceType: 'Message Template', location, version: version ?? 1 },
  }
}

export function newMessageTemplate(body: MessageTemplateWrite): MessageTemplate {
  const { id: code = '', name = code, purpose, method, text = '' } = body
  if (!codeForm.test(code)) throw wrong('id is a letter and 2 to 31 letters, digits, _ or -.')
  if (purpose === undefined || method === undefined) throw wrong('purpose and method are needed.')
  const language = languageOf(body)
  return changedMessageTemplate({ code, name, readOnly: false, purpose, method, language, text }, body)
}

/** A stock template that is changed becomes one of the tenant's own under the same code. */
export function changedMessageTemplate(before: MessageTemplate, body: MessageTemplateWrite): MessageTemplate {
  const { name, notes, purpose, method, subject, text, html } = body
  const language = body.language === undefined ? undefined : languageOf(body)
  const given = { name, notes, purpose, method, language, subject, text, html } as Partial<MessageTemplate>
  const template: MessageTemplate = { ...merged<MessageTemplate>(before, given), readOnly: false }
  assertTemplate(template)
  return template
}

function languageOf({ language = 'en' }: MessageTemplateWrite): string {
  try {
    return (Intl.getCanonicalLocales(language)[0] ?? language).toLowerCase()
  } catch {
    throw wrong('language is a language tag such as en or de-CH.')
  }
}

function assertTemplate({ name, purpose, method, subject, text, html }: MessageTemplate): void {
  const bodies = html === undefined ? [text] : [text, html]
  for (const one of [subject ?? '', ...bodies].flatMap(part => part.match(placeholder) ?? []))
    if (!MESSAGE_PLACEHOLDERS.some(known => known === one)) throw wrong(`${one.slice(0, 40)} is no placeholder.`)
  const needed = purpose === 'invitation' ? '{$link}' : '{$secret}'
  if (bodies.some(body => !body.includes(needed))) throw wrong(`A message for ${purpose} holds ${needed}.`)
  if (subject?.includes('{$secret}')) throw wrong('A subject holds no code: it is shown on locked screens.')
  if (hidden.test(`${name}${subject ?? ''}`)) throw wrong('name and subject are printable text.')
  if (method === 'email') {
    if (subject === undefined) throw wrong('A mail has a subject.')
    return
  }
  if (subject !== undefined || html !== undefined) throw wrong('A short message has neither subject nor html.')
  if (text.length > LONGEST_SMS) throw wrong(`A short message has at most ${LONGEST_SMS} characters.`)
}
