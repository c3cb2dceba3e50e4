/**
 * Text → JSON value (RFC 8259), and the line on which each part of it stands. JSON.parse tells neither, and takes the last of
 * two members with one name in silence: in a workflow that could be the weaker step-up. Printed samples of this language
 * have stray commas and comments, so what is said about those is written for whoever pasted one.
 */
import { bounds } from '#workflow/bounds.ts'
import { below } from '#workflow/pointer.ts'
import type { Problem } from '#workflow/problem.ts'

export interface JsonText {
  readonly value: unknown
  /** Pointer → line, counted from 1. */
  readonly lines: ReadonlyMap<string, number>
  readonly problems: readonly Problem[]
}

/** `value` is undefined when the text could not be read to its end. */
export function readJson(text: string): JsonText {
  const problems: Problem[] = []
  const lines = new Map<string, number>()
  const source: Source = { text, at: text.startsWith('\uFEFF') ? 1 : 0, line: 1, lineStart: 0, lines, problems }
  if (text.length > bounds.text) {
    const found = `${text.length}`
    return { value: undefined, lines, problems: [{ at: '', expected: `at most ${bounds.text} characters`, found }] }
  }
  try {
    const value = readValue(source, '', 0)
    skipBlanks(source)
    if (source.at < text.length) throw unreadable(source, '', 'nothing after the end of the document')
    return { value, lines, problems }
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error
    return { value: undefined, lines, problems: [...problems, error.problem] }
  }
}

interface Source {
  readonly text: string
  readonly lines: Map<string, number>
  readonly problems: Problem[]
  at: number
  line: number
  lineStart: number
}

class Unreadable extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.expected)
    this.problem = problem
  }
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/
const WORDS: Readonly<Record<string, unknown>> = { true: true, false: false, null: null }

function readValue(source: Source, pointer: string, depth: number): unknown {
  const next = skipBlanks(source)
  if (!source.lines.has(pointer)) source.lines.set(pointer, source.line)
  if (depth > bounds.depth)
    throw unreadable(source, pointer, `at most ${bounds.depth} objects and lists in one another`)
  if (next === '{') return readObject(source, pointer, depth)
  if (next === '[') return readList(source, pointer, depth)
  if (next === '"') return readText(source, pointer)
  const token = /^[-+.\w]*/.exec(source.text.slice(source.at, source.at + 64))?.[0] ?? ''
  const isWord = Object.hasOwn(WORDS, token)
  if (!isWord && !NUMBER.test(token)) throw unreadable(source, pointer, 'a value: text stands in double quotes')
  source.at += token.length
  return isWord ? WORDS[token] : Number(token)
}

function readObject(source: Source, pointer: string, depth: number): unknown {
  const members: Record<string, unknown> = Object.create(null)
  source.at++
  if (skipBlanks(source) === '}') {
    source.at++
    return members
  }
  for (;;) {
    if (skipBlanks(source) !== '"') throw unreadable(source, pointer, 'the name of a member in double quotes')
    const { line, at } = source
    const name = readText(source, pointer)
    const place = below(pointer, name)
    const twice = Object.hasOwn(members, name)
    if (twice && source.problems.length < bounds.problems) {
      const column = at - source.lineStart + 1
      source.problems.push({ at: place, expected: 'each name once in an object', found: 'it again', line, column })
    }
    if (!twice) source.lines.set(place, line)
    if (skipBlanks(source) !== ':') throw unreadable(source, place, 'a colon after the name')
    source.at++
    const value = readValue(source, place, depth + 1)
    if (!twice) members[name] = value
    if (ends(source, '}', pointer)) return members
  }
}

function readList(source: Source, pointer: string, depth: number): unknown {
  const items: unknown[] = []
  source.at++
  if (skipBlanks(source) === ']') {
    source.at++
    return items
  }
  for (;;) {
    items.push(readValue(source, below(pointer, items.length), depth + 1))
    if (ends(source, ']', pointer)) return items
  }
}

/** After a value: the closing bracket ends, a comma goes on, but not straight into the bracket. */
function ends(source: Source, bracket: string, pointer: string): boolean {
  const next = skipBlanks(source)
  if (next !== bracket && next !== ',') throw unreadable(source, pointer, `a comma or ${bracket}`)
  source.at++
  if (next === bracket) return true
  if (skipBlanks(source) === bracket) throw unreadable(source, pointer, `no comma before ${bracket}`)
  return false
}

function readText(source: Source, pointer: string): string {
  const { text } = source
  let end = source.at + 1
  while (end < text.length && text[end] !== '"' && (text[end] as string) >= ' ') end += text[end] === '\\' ? 2 : 1
  if (text[end] !== '"') throw unreadable(source, pointer, 'a text that ends with a double quote on the same line')
  try {
    const read = JSON.parse(text.slice(source.at, end + 1)) as string
    source.at = end + 1
    return read
  } catch {
    throw unreadable(source, pointer, 'a text with no backslash but before one of "\\/bfnrtu')
  }
}

/** The next character that is no blank; undefined at the end. */
function skipBlanks(source: Source): string | undefined {
  for (;;) {
    const next = source.text[source.at]
    if (next === '\n') {
      source.line++
      source.lineStart = source.at + 1
    } else if (next !== ' ' && next !== '\t' && next !== '\r') return next
    source.at++
  }
}

function unreadable({ text, at, line, lineStart }: Source, pointer: string, expected: string): Unreadable {
  const next = text[at]
  const comment = next === '#' || (next === '/' && /[/*]/.test(text[at + 1] ?? ''))
  const found = next === undefined ? 'the end of the text' : comment ? 'a comment; JSON has none' : JSON.stringify(next)
  return new Unreadable({ at: pointer, expected, found, line, column: at - lineStart + 1 })
}
