/**
 * Thrown while one row of an import file is read and caught by the loop over the rows, which puts it into the report.
 * Its sentence is shown to the caller: it may name columns, elements and bounds, never what stood there, because a
 * file with shifted columns has its seeds in the wrong place.
 */
import type { Problem } from '#administration/import/token-record.ts'

export class RowProblem extends Error {
  readonly code: string
  readonly where: string

  constructor(where: string, code: string, sentence: string) {
    super(sentence)
    this.name = 'RowProblem'
    this.where = where
    this.code = code
  }

  at(row: number): Problem {
    return { row, where: this.where, code: this.code, sentence: this.message }
  }
}
