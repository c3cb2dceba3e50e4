/**
 * An XML element with its namespace resolved: what it is called is decided by its URI, never by its prefix.
 * Made from fast-xml-parser's ordered tree, which keeps prefixes and (with entity processing switched off) the text as
 * it stands; so the five predefined entities and character references are read here, and any other is refused.
 */
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { Refusal } from '#domain/refusal.ts'

export interface Element {
  readonly namespace: string
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: readonly Element[]
  readonly text: string
}

const MAX_DEPTH = 16
const ATTRIBUTES = ':@'
const TEXT = '#text'
const CDATA = '#cdata'
type Node = Readonly<Record<string, unknown>>
type Scope = ReadonlyMap<string, string>

/** The root element of a text that `xmlText` let through. */
export function readElement(text: string): Element {
  const nodes = parse(text)
  const roots = nodes.filter(node => tagOf(node) !== undefined)
  const root = roots[0]
  if (!root || roots.length > 1) throw new Refusal('invalid_request', 'The file must have one root element.')
  return elementOf(root, new Map([['xml', 'http://www.w3.org/XML/1998/namespace']]))
}

function parse(text: string): readonly Node[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    cdataPropName: CDATA,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    maxNestedTags: MAX_DEPTH,
  })
  try {
    if (XMLValidator.validate(text) === true) return parser.parse(text) as readonly Node[]
  } catch {
    // The parser's own messages repeat pieces of the file, so none of them is passed on.
  }
  throw new Refusal('invalid_request', 'The XML is not well-formed or nested too deeply.')
}

function tagOf(node: Node): string | undefined {
  return Object.keys(node).find(key => ![ATTRIBUTES, TEXT, CDATA].includes(key))
}

function elementOf(node: Node, outer: Scope): Element {
  const tag = tagOf(node) as string
  const written = (node[ATTRIBUTES] ?? {}) as Readonly<Record<string, string>>
  const scope = scopeOf(written, outer)
  const attributes = new Map<string, string>()
  for (const [name, value] of Object.entries(written)) {
    if (name !== 'xmlns' && !name.includes(':')) attributes.set(name, plain(value))
  }
  const children: Element[] = []
  let text = ''
  for (const child of node[tag] as readonly Node[]) {
    const literal = child[CDATA] as readonly Node[] | undefined
    if (literal) text += literal.map(part => part[TEXT]).join('')
    else if (tagOf(child) !== undefined) children.push(elementOf(child, scope))
    else text += plain(String(child[TEXT] ?? ''))
  }
  return { ...nameOf(tag, scope), attributes, children, text: text.trim() }
}

function scopeOf(written: Readonly<Record<string, string>>, outer: Scope): Scope {
  const declared = Object.entries(written).filter(([name]) => name === 'xmlns' || name.startsWith('xmlns:'))
  if (declared.length === 0) return outer
  const inner = new Map(outer)
  for (const [name, uri] of declared) inner.set(name === 'xmlns' ? '' : name.slice('xmlns:'.length), plain(uri))
  return inner
}

function nameOf(tag: string, scope: Scope): Pick<Element, 'namespace' | 'name'> {
  const colon = tag.indexOf(':')
  if (colon < 0) return { namespace: scope.get('') ?? '', name: tag }
  const namespace = scope.get(tag.slice(0, colon))
  if (namespace === undefined) throw new Refusal('invalid_request', 'A namespace prefix is used but not declared.')
  return { namespace, name: tag.slice(colon + 1) }
}

const predefined: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function plain(text: string): string {
  if (!text.includes('&')) return text
  return text.replace(/&([^;&]{0,10});?/g, (whole, name: string) => {
    const value = whole.endsWith(';') ? (predefined[name] ?? character(name)) : undefined
    if (value === undefined) throw new Refusal('invalid_request', 'An entity of the file is not known.')
    return value
  })
}

function character(name: string): string | undefined {
  const found = /^#(?:x([0-9A-Fa-f]{1,6})|([0-9]{1,7}))$/.exec(name)
  if (!found) return undefined
  const code = found[1] === undefined ? Number(found[2]) : Number.parseInt(found[1], 16)
  const allowed = code === 9 || code === 10 || code === 13 || (code >= 32 && code < 0xd800) || code >= 0xe000
  return allowed && code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}
