/**
 * Markup as a value: what is filled into a template is escaped unless it is markup itself. Attributes are always written in double
 * quotes, so that the same escaping serves both places.
 */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Part = string | number | Html | readonly Part[] | undefined

export function html(fixed: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(fixed.reduce((made, piece, at) => made + written(parts[at - 1]) + piece))
}

/** An attribute with its leading blank; nothing when there is no value. */
export const attribute = (name: string, value: string | number | true | undefined): Html =>
  value === undefined ? new Html('') : value === true ? new Html(` ${name}`) : html`${new Html(` ${name}`)}="${value}"`

/** JSON inside a script element that is data: no text in it can end the element or begin a comment. */
export const jsonText = (value: unknown): Html => new Html(JSON.stringify(value).replaceAll('<', '\\u003c'))

function written(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'object') return part.map(written).join('')
  return escaped(String(part))
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, sign => ESCAPES[sign] as string)
