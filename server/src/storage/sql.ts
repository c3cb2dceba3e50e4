/**
 * Queries written as tagged templates: the text is rendered once per place in the code, values are only ever bound.
 * For the nouns of this room. `fragment` and `joined` build filters; only templates make their text, so no value of a
 * caller can become SQL. Surprise: a text may say it locks rows with a comment, `/* for update *\/`, which PostgreSQL
 * obeys and SQLite, where units run one after another, reads as a comment.
 */
import { createHash } from 'node:crypto'
import type { Query } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'

/** Booleans are bound as 0 and 1. */
export type Value = string | number | boolean | null | Uint8Array

/** Names of queries whose text depends on a filter; engines keep only a bounded number of these prepared. */
export const COMPOSED = 'c_'
const WRITTEN = 'w_'
const MAX_VALUES = 1000
const MAX_TEXT = 100_000
const MAX_DEPTH = 32

type Rendered = { readonly name: string; readonly text: string }

// The identity of a template's parts stands for its text: a cache of pure rendering, one entry per place in the code.
const rendered = new WeakMap<TemplateStringsArray, Rendered>()

/** One query whose text never varies. */
export function sql<Row = unknown>(parts: TemplateStringsArray, ...values: readonly Value[]): Query<Row> {
  let known = rendered.get(parts)
  if (known === undefined) {
    const text = parts.reduce((before, part, n) => `${before}?${n}${part}`).trim()
    known = { name: nameOf(WRITTEN, text), text }
    rendered.set(parts, known)
  }
  return { name: known.name, text: known.text, values: bound(values) }
}

/** A change that is only asked how many rows it touched: it answers that many empty rows. */
export function touched(query: Query): Query<object> {
  return { name: query.name, text: query.text, values: query.values, counts: true }
}

/** A piece of a query. Its text came from a template; nothing else can make one. */
export class Fragment {
  readonly #parts: readonly string[]
  readonly #holes: readonly (Value | Fragment)[]

  constructor(parts: TemplateStringsArray, holes: readonly (Value | Fragment)[]) {
    if (!Array.isArray(parts.raw)) throw new Fault('a fragment is made only by its template')
    this.#parts = parts
    this.#holes = holes
  }

  /** Writes the text with the next free placeholders and adds the values in their order. */
  render(values: Value[], depth = 0): string {
    if (depth > MAX_DEPTH) throw new Fault('a query is nested too deeply')
    return this.#parts.reduce((before, part, n) => {
      const hole = this.#holes[n - 1] as Value | Fragment
      if (hole instanceof Fragment) return before + hole.render(values, depth + 1) + part
      values.push(hole)
      return `${before}?${values.length}${part}`
    })
  }
}

/** A piece of a query: its holes take values, which are bound, or other fragments. */
export function fragment(parts: TemplateStringsArray, ...holes: readonly (Value | Fragment)[]): Fragment {
  return new Fragment(parts, holes)
}

/** One query put together from fragments, with a blank between them. */
export function joined<Row = unknown>(...fragments: readonly Fragment[]): Query<Row> {
  const values: Value[] = []
  const text = fragments
    .map(piece => {
      if (piece instanceof Fragment) return piece.render(values)
      throw new Fault('a query is joined only from fragments')
    })
    .join(' ')
    .trim()
  if (values.length > MAX_VALUES || text.length > MAX_TEXT) throw new Fault('a composed query is too large')
  return { name: nameOf(COMPOSED, text), text, values: bound(values) }
}

/** Fragments with another between each two: conditions by `fragment` and ``, values by `fragment`, ``. */
export function separated(by: Fragment, fragments: readonly Fragment[]): Fragment {
  const [head, ...tail] = fragments
  if (head === undefined) return fragment``
  // Pairs of pairs, so that a long list does not nest as deep as it is long.
  if (tail.length === 0) return head
  const middle = fragments.length >> 1
  return fragment`${separated(by, fragments.slice(0, middle))}${by}${separated(by, fragments.slice(middle))}`
}

function nameOf(kind: string, text: string): string {
  return kind + createHash('sha256').update(text).digest('base64url').slice(0, 16)
}

function bound(values: readonly Value[]): readonly (string | number | null | Uint8Array)[] {
  let flags = false
  for (const value of values) {
    if (typeof value === 'string' || value === null || value instanceof Uint8Array) continue
    if (typeof value === 'boolean') flags = true
    else if (!Number.isFinite(value)) throw new Fault(`a value of type ${typeof value} cannot be bound`)
  }
  // Nearly no statement has a flag, and every proof has eight statements: no copy without need.
  return (flags ? values.map(value => (typeof value === 'boolean' ? Number(value) : value)) : values) as ReturnType<
    typeof bound
  >
}
