/**
 * A filter cut into words, quoted texts and parentheses (RFC 7644 section 3.4.2.2), one pass, no regular expression over the
 * whole input. The caps on length, nesting and clauses are checked here, before anything is parsed.
 * Surprise: clients also send their quotes escaped (`eq \"x@y\"`), which counts as one quoted text.
 */
import { Refusal } from '#domain/refusal.ts'

export const MAX_CHARACTERS = 16_384
export const MAX_DEPTH = 32
export const MAX_CLAUSES = 200
const MAX_QUOTE = 40

export interface Token {
  readonly kind: 'word' | 'quoted' | 'open' | 'close' | 'end'
  readonly text: string
  /** Where it starts, counted from 0. */
  readonly at: number
}

/** Counts what reading a filter costs, so that tests can prove a bound. */
export interface Work {
  steps: number
}

/** The refusal of every filter that cannot be read: what is wrong, where, and at most 40 characters of it. */
export function filterRefusal(what: string, input: string, at: number): Refusal {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out.
  const seen = input.slice(at, at + MAX_QUOTE).replace(/[\u0000-\u001f\u007f]|\p{Surrogate}/gu, '?')
  return new Refusal('invalid_filter', `${what} at position ${at}${seen === '' ? '' : `: '${seen}'`}.`)
}

const isBlank = (c: string) => c === ' ' || c === '\t' || c === '\n' || c === '\r'
const endsWord = (c: string) => isBlank(c) || c === '(' || c === ')' || c === '"'
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}
const fourHex = /^[0-9a-fA-F]{4}$/

interface Read {
  readonly text: string
  readonly next: number
}

/** A JSON string starting at its opening quote. */
function readQuoted(input: string, start: number, work: Work): Read {
  let text = ''
  let i = start + 1
  while (i < input.length) {
    work.steps++
    const c = input.charAt(i)
    if (c === '"') return { text, next: i + 1 }
    if (c !== '\\') {
      text += c
      i += 1
      continue
    }
    const escaped = input.charAt(i + 1)
    const hex = input.slice(i + 2, i + 6)
    if (escaped === 'u' && fourHex.test(hex)) {
      text += String.fromCharCode(Number.parseInt(hex, 16))
      i += 6
    } else if (Object.hasOwn(escapes, escaped)) {
      text += escapes[escaped]
      i += 2
    } else throw filterRefusal('An unknown escape', input, i)
  }
  throw filterRefusal('A quote that is never closed', input, start)
}

/** `\"x@y\"`: quotes that were escaped once too often. Inside, no further backslash has a meaning. */
function readEscapedQuote(input: string, start: number, work: Work): Read {
  for (let i = start + 2; i < input.length; i++) {
    work.steps++
    if (input.charAt(i) !== '\\') continue
    if (input.charAt(i + 1) !== '"') throw filterRefusal('An unknown escape', input, i)
    return { text: input.slice(start + 2, i), next: i + 2 }
  }
  throw filterRefusal('A quote that is never closed', input, start)
}

function readWord(input: string, start: number, work: Work): Read {
  let i = start
  while (i < input.length && !endsWord(input.charAt(i))) {
    work.steps++
    i += 1
  }
  return { text: input.slice(start, i), next: i }
}

/** Text that neither store could keep: NUL and halves of characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: NUL is what is looked for.
const unstorable = /\u0000|\p{Surrogate}/u

/** The tokens of a filter, ended by one of kind `end`. Refuses what is too long, too deep or has too many clauses. */
export function tokensOf(input: string, work: Work): readonly Token[] {
  if (input.length > MAX_CHARACTERS) {
    throw filterRefusal(`The filter is longer than ${MAX_CHARACTERS} characters; stopped`, input, MAX_CHARACTERS)
  }
  const tokens: Token[] = []
  let depth = 0
  let joints = 0
  let at = 0
  while (at < input.length) {
    work.steps++
    const c = input.charAt(at)
    if (isBlank(c)) {
      at += 1
      continue
    }
    if (c === '(' || c === ')') {
      depth += c === '(' ? 1 : -1
      if (depth > MAX_DEPTH) throw filterRefusal(`More than ${MAX_DEPTH} parentheses inside one another`, input, at)
      tokens.push({ kind: c === '(' ? 'open' : 'close', text: c, at })
      at += 1
      continue
    }
    const quoted = c === '"' || (c === '\\' && input.charAt(at + 1) === '"')
    const read = c === '"' ? readQuoted : quoted ? readEscapedQuote : readWord
    const { text, next } = read(input, at, work)
    if (unstorable.test(text)) throw filterRefusal('A character that no value can hold', input, at)
    tokens.push({ kind: quoted ? 'quoted' : 'word', text, at })
    if (!quoted && /^(?:and|or)$/i.test(text)) joints += 1
    if (joints >= MAX_CLAUSES) throw filterRefusal(`More than ${MAX_CLAUSES} clauses`, input, at)
    at = next
  }
  tokens.push({ kind: 'end', text: '', at: input.length })
  return tokens
}
