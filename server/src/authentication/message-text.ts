/**
 * What a message says: a template of the workflow, else one of the tenant's, else of the stock, with its placeholders filled in.
 * Pure. Of values nothing becomes markup, and no line of a header. No text is made of anything that a caller's connection says
 * (security.md R2): links come in as values, from configuration.
 */
import type { Configuration } from '#domain/configuration.ts'
import { findTemplate, type MessageTemplate } from '#domain/message-template.ts'
import type { MessageMethod } from '#domain/parcel.ts'

/** What stands for `{$name}`. */
export type Values = Readonly<Record<string, string>>

/** Templates of a workflow (`oobMethods`, `resetPasswordMethods`). */
export interface OwnTemplates {
  readonly email?: { readonly template: string; readonly html: boolean }
  readonly sms?: { readonly template: string }
}

export interface Wording {
  readonly purpose: MessageTemplate['purpose']
  readonly method: MessageMethod
  /** A language tag; English when nothing is known. */
  readonly language?: string | undefined
  readonly templates?: OwnTemplates | undefined
  readonly values: Values
}

export interface MessageText {
  readonly subject?: string
  readonly text: string
  readonly html?: string
}

const placeholder = /\{\$([A-Za-z]{1,32})\}/g
const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const LONGEST_SUBJECT = 200

/** A placeholder without a value stays as it is written. */
export function renderTemplate(template: string, values: Values, html = false): string {
  return template.replace(placeholder, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (value === undefined) return whole
    return html ? value.replace(/[&<>"']/g, mark => marks[mark] ?? '') : value
  })
}

export function composeMessage(configuration: Configuration, wording: Wording): MessageText {
  const { purpose, method, language, templates, values } = wording
  const found = findTemplate(configuration.messageTemplates, purpose, method, language ?? 'en')
  if (method === 'sms') return { text: renderTemplate(templates?.sms?.template ?? found?.text ?? '{$secret}', values) }
  const subject = oneLine(renderTemplate(found?.subject ?? '{$application}', values))
  const own = templates?.email
  if (own?.html) return page(subject, own.template, values)
  if (own) return { subject, text: renderTemplate(own.template, values) }
  const text = renderTemplate(found?.text ?? '{$secret}', values)
  return { subject, text, ...(found?.html === undefined ? {} : { html: renderTemplate(found.html, values, true) }) }
}

/** Mail in HTML says the same as text, too. */
function page(subject: string, template: string, values: Values): MessageText {
  return { subject, html: renderTemplate(template, values, true), text: renderTemplate(textOf(template), values) }
}

const oneLine = (text: string) =>
  text
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, LONGEST_SUBJECT)

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', nbsp: ' ' }

/** The words of a page; where a link leads stands behind its words. */
export function textOf(html: string): string {
  return html
    .replace(/<(style|script|head)\b[^>]*>[\s\S]*?<\/\1\s*>/gi, '')
    .replace(/<a\b[^>]*?\bhref\s*=\s*"([^"]{1,2000})"[^>]*>([\s\S]*?)<\/a\s*>/gi, '$2 $1')
    .replace(/<(br|\/p|\/div|\/h[1-6]|\/li|\/tr)\b[^>]*>/gi, '\n')
    .replace(/<[^>]{0,2000}>/g, '')
    .replace(/&(amp|lt|gt|quot|nbsp);/g, (_, name: string) => entities[name] ?? '')
    .replace(/[ \t]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()
}

/** `5 minutes`. */
export function validityText(seconds: number): string {
  const [unit, name]: readonly [number, string] =
    seconds % 3600 === 0 ? [3600, 'hour'] : seconds >= 60 ? [60, 'minute'] : [1, 'second']
  const count = Math.floor(seconds / unit)
  return `${count} ${name}${count === 1 ? '' : 's'}`
}

/** Enough for the person to know which one it is: `j…@example.com`, `…12`. */
export function maskedAddress(method: MessageMethod, address: string): string {
  if (method === 'sms') return `…${address.slice(-2)}`
  const at = address.lastIndexOf('@')
  return at < 1 ? '…' : `${address.slice(0, 1)}…${address.slice(at)}`
}
