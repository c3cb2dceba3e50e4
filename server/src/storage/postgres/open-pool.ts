/**
 * The bounded pool of connections to one PostgreSQL database, each with its own limits and its own reading of types:
 * whole numbers of 64 bits become numbers (ours stay below 2^53), sums too; everything else as `pg` reads it.
 * Surprise: the limits travel in the start-up packet, so that PgBouncer needs `ignore_startup_parameters =
 * statement_timeout, lock_timeout, idle_in_transaction_session_timeout` and the same limits on the role.
 */
import pg from 'pg'
import { Fault } from '#domain/refusal.ts'

export interface PoolOptions {
  /** At most this many connections: (max_connections − 10) / nodes. */
  readonly connections?: number
  readonly statementTimeout_ms?: number
  readonly lockTimeout_ms?: number
  /** How long a unit may wait for a free connection. */
  readonly patience_ms?: number
  /** Told when an idle connection was lost; the pool replaces it by itself. */
  readonly connectionLost?: (error: Error) => void
}

const INT8 = 20
const NUMERIC = 1700

export function openPool(url: string, options: PoolOptions = {}): pg.Pool {
  const lost = options.connectionLost ?? (() => {})
  const pool = new pg.Pool({
    connectionString: url,
    pipeline: true,
    max: options.connections ?? 10,
    statement_timeout: options.statementTimeout_ms ?? 5000,
    lock_timeout: options.lockTimeout_ms ?? 2000,
    idle_in_transaction_session_timeout: 10_000,
    connectionTimeoutMillis: options.patience_ms ?? 5000,
    idleTimeoutMillis: 60_000,
    application_name: 'countersign',
    types: { getTypeParser: parserOf as never },
  })
  pool.on('error', lost)
  // A connection that breaks while a unit holds it tells the unit by its queries; the event itself must have a listener.
  pool.on('connect', client => client.on('error', () => {}))
  return pool
}

function parserOf(type: number, format?: 'text' | 'binary'): unknown {
  if (format !== 'binary' && (type === INT8 || type === NUMERIC)) return wholeNumber
  return pg.types.getTypeParser(type, format as 'text')
}

function wholeNumber(text: string): number {
  const number = Number(text)
  if (!Number.isSafeInteger(number)) throw new Fault('a number of the database is not a safe integer')
  return number
}
