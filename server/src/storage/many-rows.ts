/**
 * Statements over a list of any length from few texts: a list is cut into groups of 128, 64, 32 … 1, and each group size
 * has one text, made once. So a hundred rows cost three statements, and the engines keep eight prepared ones per list.
 */
import type { Query } from '#domain/ports/store.ts'

const SIZES = [128, 64, 32, 16, 8, 4, 2, 1]

type Bound = string | number | null | Uint8Array
type Shape<Row> = {
  readonly name: string
  readonly before: string
  readonly after?: string
  /** How many values a row has. */
  readonly width: number
  readonly values: (row: Row) => readonly Bound[]
}

/** `(?1, ?2), (?3, ?4) …` stands between `before` and `after`. */
export function manyRows<Row, Answer = unknown>(shape: Shape<Row>): (rows: readonly Row[]) => readonly Query<Answer>[] {
  const { name, before, after = '', width, values } = shape
  const texts = SIZES.map(size => {
    const places = (row: number) => Array.from({ length: width }, (_, n) => `?${row * width + n + 1}`).join(', ')
    const groups = Array.from({ length: size }, (_, row) => `(${places(row)})`).join(', ')
    return { size, name: `w_${name}_${size}`, text: `${before} ${groups} ${after}`.trim() }
  })
  return rows => {
    const queries: Query<Answer>[] = []
    let at = 0
    for (const { size, name, text } of texts) {
      for (; rows.length - at >= size; at += size) {
        queries.push({ name, text, values: rows.slice(at, at + size).flatMap(values) })
      }
    }
    return queries
  }
}
