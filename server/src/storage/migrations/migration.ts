/**
 * One step of the schema, written once for both engines. Steps only go forward; `min_binary` is the oldest release of
 * this program that may still run on the schema after the step.
 */
export interface SqlTypes {
  /** Whole numbers to 2^53: `integer` on SQLite, `bigint` on PostgreSQL. */
  readonly int: string
  /** Bytes: `blob` / `bytea`. */
  readonly blob: string
  /** Text that sorts by bytes on both engines, so that prefixes are ranges: `text` / `text collate "C"`. */
  readonly text: string
  /**
   * Behind the closing bracket of a table clustered by its primary key: `without rowid` / nothing. For short rows, of some 300 bytes at
   * most: SQLite keeps whole rows in the inner pages of such a table too, and of each no more than a quarter of a page, the rest elsewhere.
   */
  readonly clustered: string
}

export interface Migration {
  readonly version: number
  readonly name: string
  readonly min_binary: number
  readonly statements: (types: SqlTypes) => readonly string[]
}
