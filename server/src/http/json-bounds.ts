/**
 * Walks once over JSON text (RFC 8259) before it is parsed and refuses what would be too deep, too many, too long or ambiguous:
 * names given twice (RFC 7493 section 2.3), `__proto__` and `constructor` also when written with escapes, NUL, half surrogates.
 * Surprise: it does not check grammar; JSON.parse does that afterwards. It only promises that JSON.parse will be cheap.
 */
import { Refusal } from '#domain/refusal.ts'
import { limits } from '#http/limits.ts'

const DEPTH = limits.json_depth.value
const ITEMS = limits.json_items.value
const TEXT = limits.json_string_characters.value

const QUOTE = 34
const COMMA = 44
const COLON = 58
const OPEN_ARRAY = 91
const BACKSLASH = 92
const CLOSE_ARRAY = 93
const OPEN_OBJECT = 123
const CLOSE_OBJECT = 125

const loneSurrogate = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/

const unreadable = (why: string) => new Refusal('invalid_request', `The JSON could not be read: ${why}.`)

/** Throws Refusal `invalid_request`. Looks at each character at most twice. `longest` bounds one text. */
export function assertJsonBounds(text: string, longest: number = TEXT): void {
  const names: (Set<string> | undefined)[] = []
  const items: number[] = []
  let at = 0
  while (at < text.length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = afterString(text, at, names.at(-1), longest)
      continue
    }
    if (code === OPEN_OBJECT || code === OPEN_ARRAY) {
      if (names.length === DEPTH) throw unreadable('it is nested too deeply')
      names.push(code === OPEN_OBJECT ? new Set() : undefined)
      items.push(1)
    } else if (code === CLOSE_OBJECT || code === CLOSE_ARRAY) {
      names.pop()
      items.pop()
    } else if (code === COMMA && items.length > 0) {
      const count = items[items.length - 1]! + 1
      if (count > ITEMS) throw unreadable('a list is too long')
      items[items.length - 1] = count
    }
    at++
  }
}

/** The place behind the string that starts at `start`; checks it, and as a name too when a colon follows inside an object. */
function afterString(text: string, start: number, names: Set<string> | undefined, longest: number): number {
  let end = start + 1
  let escaped = false
  for (;;) {
    const code = text.charCodeAt(end)
    if (code === QUOTE) break
    if (code === BACKSLASH) {
      escaped = true
      end++
    }
    end++
    if (end >= text.length) throw unreadable('a text does not end')
    if (end - start > longest) throw unreadable('a text is too long')
  }
  const raw = text.slice(start + 1, end)
  const value = escaped ? decodeEscapes(raw) : raw
  if (names !== undefined && nextIsColon(text, end + 1)) takeName(names, value)
  return end + 1
}

function decodeEscapes(raw: string): string {
  let value: string
  try {
    value = JSON.parse(`"${raw}"`)
  } catch {
    throw unreadable('an escape is malformed')
  }
  if (value.includes('\0')) throw unreadable('a text holds a NUL character')
  if (loneSurrogate.test(value)) throw unreadable('a text holds half a character')
  return value
}

function takeName(names: Set<string>, name: string): void {
  if (name === '__proto__' || name === 'constructor') throw unreadable('a name is not allowed')
  if (names.has(name)) throw unreadable('a name is given twice')
  names.add(name)
}

function nextIsColon(text: string, from: number): boolean {
  let at = from
  for (;;) {
    const code = text.charCodeAt(at)
    if (code === COLON) return true
    if (code !== 32 && code !== 9 && code !== 10 && code !== 13) return false
    at++
  }
}
