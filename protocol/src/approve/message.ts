/**
 * How the text of a request (`tds`) is laid out, and what in it may deceive the eye: shown exactly as signed, never corrected.
 * The reference leaves the layout open; its samples are free text, or `{label,value}` pairs with commas between. Characters that turn
 * the reading direction, are not seen, or look like letters of another alphabet are marked, not removed (security.md C11).
 */
export interface Pair {
  readonly label: string
  readonly value: string
}

export type Mark = 'direction' | 'invisible' | 'look-alike'

/** A run of the text, marked or not. */
export interface Piece {
  readonly text: string
  readonly mark?: Mark
}

export type Message =
  | { readonly kind: 'text'; readonly pieces: readonly Piece[]; readonly marks: readonly Mark[] }
  | {
      readonly kind: 'table'
      readonly rows: readonly { readonly label: readonly Piece[]; readonly value: readonly Piece[] }[]
      readonly marks: readonly Mark[]
    }

export function readMessage(tds: string): Message {
  const pairs = readPairs(tds)
  const marks = [...new Set(pieces(tds).flatMap(({ mark }) => mark ?? []))]
  if (!pairs) return { kind: 'text', pieces: pieces(tds), marks }
  return {
    kind: 'table',
    rows: pairs.map(({ label, value }) => ({ label: pieces(label), value: pieces(value) })),
    marks,
  }
}

const MOST_PAIRS = 32

/** Undefined unless the whole text is pairs: half a table would hide the rest. */
export function readPairs(tds: string): readonly Pair[] | undefined {
  const text = tds.trim()
  if (!text.startsWith('{')) return undefined
  const pairs: Pair[] = []
  let rest = text
  while (pairs.length < MOST_PAIRS) {
    const match = /^\{([^{},]{1,80}),([^{}]{0,500})\}/.exec(rest)
    if (!match) return undefined
    pairs.push({ label: (match[1] as string).trim(), value: (match[2] as string).trim() })
    rest = rest.slice(match[0].length)
    if (rest === '') return pairs
    const comma = /^\s*,\s*/.exec(rest)
    if (!comma) return undefined
    rest = rest.slice(comma[0].length)
  }
  return undefined
}

const DIRECTION = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|(?![\n\t])\p{Cc}/u
const LATIN = /\p{Script=Latin}/u
const LETTER = /\p{L}/u
const OTHER_FORM = /[\uff01-\uff5e\u{1d400}-\u{1d7ff}]/u
/** Alphabets whose letters pass for Latin ones. */
const NEAR_LATIN = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u

/** Cuts a text into marked and unmarked runs, which joined are the text. */
export function pieces(text: string): readonly Piece[] {
  const found: Piece[] = []
  for (const word of text.split(/(?<=\s)|(?=\s)/u)) {
    const mixed = LATIN.test(word) && NEAR_LATIN.test(word)
    for (const character of word) add(found, character, markOf(character, mixed))
  }
  return found
}

function markOf(character: string, mixed: boolean): Mark | undefined {
  if (DIRECTION.test(character)) return 'direction'
  if (INVISIBLE.test(character)) return 'invisible'
  if (OTHER_FORM.test(character)) return 'look-alike'
  return mixed && LETTER.test(character) && NEAR_LATIN.test(character) ? 'look-alike' : undefined
}

function add(found: Piece[], text: string, mark: Mark | undefined): void {
  const last = found.at(-1)
  if (last && last.mark === mark) found[found.length - 1] = { ...last, text: last.text + text }
  else found.push(mark === undefined ? { text } : { text, mark })
}
