/**
 * What one unit of work may ask of an engine, the same on both. A unit that needs more is staged in chunks by its
 * caller: on SQLite it would hold up every other writer, on PostgreSQL a connection.
 */
import { Fault } from '#domain/refusal.ts'

export const STATEMENTS_PER_UNIT = 200
/** Units that may wait for their turn; one more is told to come back. */
export const WAITING_UNITS = 4096
/** Composed (filter) queries that a connection keeps prepared. */
export const PREPARED_STATEMENTS = 500

export function tooManyStatements(): Fault {
  return new Fault(`a unit of work may hold ${STATEMENTS_PER_UNIT} statements`)
}
