/**
 * Cuts a key container into its head and its key packages before anything is parsed, so that 20,000 keys are read piece
 * by piece: memory stays flat and the event loop breathes in between. Each piece is wrapped in the root's own tags,
 * which carry the namespaces, and is a small document of its own; whether it is well-formed is then the parser's
 * business. Only markup is followed here (tags, comments, CDATA, instructions), in one pass.
 */
import { Refusal } from '#domain/refusal.ts'

export interface CutContainer {
  /** The root with everything in it but key packages. */
  readonly head: string
  /** Each a document of one key package within the root. */
  readonly packages: Iterable<string>
}

const MAX_DEPTH = 16
const MAX_ROOT_TAG_LETTERS = 16 * 1024
const MAX_PIECE_LETTERS = 256 * 1024

interface Markup {
  readonly kind: 'open' | 'close' | 'empty' | 'other'
  readonly start: number
  readonly end: number
}

interface Span {
  readonly start: number
  readonly end: number
}

export function cutContainer(text: string): CutContainer {
  const { root, children } = walk(text)
  const open = text.slice(root.start, root.end)
  if (open.length > MAX_ROOT_TAG_LETTERS) throw new Refusal('too_large', 'The root element of the file is too large.')
  const close = `</${tagName(open)}>`
  const isPackage = ({ start }: Span) => /^<(?:[^\s:/>]{1,64}:)?KeyPackage[\s/>]/.test(text.slice(start, start + 80))
  const wrapped = (inside: string) => `${open}${inside}${close}`
  const head = children.filter(child => !isPackage(child)).map(({ start, end }) => text.slice(start, end))
  return { head: wrapped(head.join('')), packages: pieces(text, children.filter(isPackage), wrapped) }
}

function* pieces(text: string, spans: readonly Span[], wrapped: (inside: string) => string): Iterable<string> {
  for (const { start, end } of spans) yield wrapped(text.slice(start, end))
}

/** The root's start tag and where each of its children stands. */
function walk(text: string): { readonly root: Markup; readonly children: readonly Span[] } {
  const children: Span[] = []
  let root: Markup | undefined
  let depth = 0
  let childStart = 0
  for (const markup of markupOf(text)) {
    if (markup.kind === 'other') continue
    if (depth === 0 && (root || markup.kind !== 'open')) throw malformed()
    if (depth === 1 && markup.kind !== 'close') childStart = markup.start
    if (markup.kind === 'open') depth += 1
    if (markup.kind === 'close') depth -= 1
    if (depth > MAX_DEPTH) throw new Refusal('invalid_request', 'The XML is nested too deeply.')
    const childEnds = depth === 1 && root !== undefined
    root ??= markup
    if (!childEnds) continue
    if (markup.end - childStart > MAX_PIECE_LETTERS)
      throw new Refusal('too_large', 'An element of the file is too large.')
    children.push({ start: childStart, end: markup.end })
  }
  if (!root || depth !== 0) throw malformed()
  return { root, children }
}

function* markupOf(text: string): Iterable<Markup> {
  for (let start = text.indexOf('<'); start >= 0; ) {
    const markup = markupAt(text, start)
    yield markup
    start = text.indexOf('<', markup.end)
  }
}

function markupAt(text: string, start: number): Markup {
  if (text.startsWith('<!--', start)) return other(text, start, '-->', 4)
  if (text.startsWith('<![CDATA[', start)) return other(text, start, ']]>', 9)
  if (text.startsWith('<?', start)) return other(text, start, '?>', 2)
  const end = tagEnd(text, start)
  if (text[start + 1] === '/') return { kind: 'close', start, end }
  return { kind: text[end - 2] === '/' ? 'empty' : 'open', start, end }
}

function other(text: string, start: number, closing: string, offset: number): Markup {
  const at = text.indexOf(closing, start + offset)
  if (at < 0) throw malformed()
  return { kind: 'other', start, end: at + closing.length }
}

const tagSign = /["'>]/g

/** Behind the `>` that ends the tag; one inside a quoted value does not. */
function tagEnd(text: string, start: number): number {
  let at = start + 1
  for (;;) {
    tagSign.lastIndex = at
    const found = tagSign.exec(text)
    if (!found) throw malformed()
    if (found[0] === '>') return found.index + 1
    const close = text.indexOf(found[0], found.index + 1)
    if (close < 0) throw malformed()
    at = close + 1
  }
}

function tagName(open: string): string {
  return /^<([^\s/>]{1,128})/.exec(open)?.[1] ?? ''
}

function malformed(): Refusal {
  return new Refusal('invalid_request', 'The XML is not well-formed.')
}
