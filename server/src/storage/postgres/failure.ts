/**
 * What a failure of PostgreSQL means for a unit of work, by SQLSTATE (PostgreSQL manual, appendix A).
 * Surprise: messages of the server can hold values of a row, so only the code and the names of things go on. And once
 * `commit` was sent, all but a plain "no" leaves the outcome open.
 */
import pg from 'pg'
import type { Query } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'

/** Serialization failure, deadlock, and a statement that a pooler or a migration took away: nothing was done, run again. */
const RERUN = new Set(['40001', '40P01', '26000', '0A000'])
/** After these the connection's idea of its prepared statements is wrong. */
const STALE = new Set(['26000', '0A000'])
/** Cancelled by a timeout, no lock in time; too many connections, shutting down, starting up. */
const BUSY = /^(57014|55P03|53300|57P0[123]|08...)$/

export function isRerun(error: unknown): boolean {
  return RERUN.has(stateOf(error) ?? '')
}

export function isStale(error: unknown): boolean {
  return STALE.has(stateOf(error) ?? '')
}

/** A failure before `commit` was sent: the server has rolled back, or will when it misses the connection. */
export function failureBeforeCommit(error: unknown, queries: readonly Query[]): unknown {
  if (error instanceof Fault || error instanceof Refusal) return error
  const state = stateOf(error)
  if (state === undefined ? isConnectionLoss(error) : BUSY.test(state)) return busy(error)
  if (state === undefined) return error
  const { constraint, table, column, position, message } = error as pg.DatabaseError
  // Class 42 speaks of the text of a query, which is ours, never of values.
  const about = state.startsWith('42') ? message : [constraint, table, column].filter(Boolean).join(' ')
  const names = queries.map(query => query.name).join(' ')
  const place = position === undefined ? '' : ` at ${position}`
  return new Fault(`SQLSTATE ${state} ${about}${place} in one of: ${names}`)
}

/** A failure of `begin`. When the server refused it and went on, what was sent behind it has been run without it. */
export function failureOfBegin(error: unknown): unknown {
  if (error instanceof pg.DatabaseError && error.severity === 'ERROR') {
    return new Refusal('outcome_unknown', undefined, { reason: `begin refused: SQLSTATE ${error.code}` })
  }
  return failureBeforeCommit(error, [])
}

/** A failure of `commit` itself. */
export function failureOfCommit(error: unknown): unknown {
  const state = stateOf(error)
  if (state?.startsWith('23')) return new Fault(`commit refused: SQLSTATE ${state}`)
  if (state !== undefined && isRerun(error)) return error
  return new Refusal('outcome_unknown', undefined, { reason: `commit failed: ${reasonOf(error)}` })
}

export function busy(error: unknown): Refusal {
  return new Refusal('temporarily_unavailable', undefined, { reason: `PostgreSQL: ${reasonOf(error)}` })
}

function stateOf(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

function isConnectionLoss(error: unknown): boolean {
  const { code, message } = error as { code?: unknown; message?: string }
  if (typeof code === 'string' && /^E[A-Z]+$/.test(code)) return true
  return /connection terminated|connection error|not queryable|timeout expired|Connection ended/i.test(message ?? '')
}

function reasonOf(error: unknown): string {
  return stateOf(error) ?? String((error as { code?: unknown }).code ?? (error as Error).message)
}
