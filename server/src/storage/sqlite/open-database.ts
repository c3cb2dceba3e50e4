/**
 * Opens SQLite files through the `node:sqlite` API, for every part of this room.
 * The built-in module is used where it brings SQLite 3.51.3 or newer: older ones can corrupt a database when two
 * connections write or checkpoint around a reset of the write-ahead log. Else a package with the same API and its own SQLite.
 * Surprise: modules are looked up through `require`, because on Node 20 an import of the built-in one cannot even be resolved.
 */
import { closeSync, existsSync, openSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { DatabaseSyncInstance, DatabaseSyncOptions } from '@photostructure/sqlite'

export type Database = DatabaseSyncInstance

const OLDEST_SAFE = [3, 51, 3] as const

/** What to `require` for SQLite in this process; workers are told by name. */
export function sqliteModule(builtIn: string | undefined = process.versions.sqlite): string {
  if (builtIn !== undefined && isAtLeast(builtIn, OLDEST_SAFE)) return 'node:sqlite'
  return createRequire(import.meta.url).resolve('@photostructure/sqlite')
}

export function openDatabase(path: string, options: DatabaseSyncOptions = {}): Database {
  const { DatabaseSync } = createRequire(import.meta.url)(sqliteModule()) as typeof import('@photostructure/sqlite')
  return new DatabaseSync(path, options)
}

/** The one connection that writes: every commit is on the disk before it is answered. */
export function openWriter(path: string): Database {
  // Made here when it is new, because SQLite would let everybody read it; the log beside it takes the same mode.
  // Never when it is there: closing the file in any other way would drop the locks of an open connection (POSIX).
  if (!existsSync(path)) closeSync(openSync(path, 'a', 0o600))
  const database = openDatabase(path, { timeout: 0 })
  // Checkpoints are made elsewhere: here they would hold up the units that wait.
  database.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;
    pragma wal_autocheckpoint = 0; pragma cache_size = -65536; pragma temp_store = memory; pragma trusted_schema = off;
    pragma journal_size_limit = 67108864`)
  return database
}

/**
 * Folds the write-ahead log into the file and lets go of both. The last connection to close would do so by itself, but the package
 * closes one whose statements the garbage collector has not met yet some time later: whoever renames the file then leaves its log behind.
 */
export function closeWriter(database: Database): void {
  try {
    if (database.isTransaction) database.exec('rollback')
    database.exec('pragma wal_checkpoint(truncate)')
  } finally {
    database.close()
  }
}

/** A connection that sees snapshots of committed state and cannot write. */
export function openReader(path: string): Database {
  const database = openDatabase(path, { readOnly: true, timeout: 50 })
  database.exec(
    'pragma query_only = on; pragma cache_size = -65536; pragma temp_store = memory; pragma trusted_schema = off',
  )
  return database
}

function isAtLeast(version: string, [major, minor, patch]: readonly [number, number, number]): boolean {
  const [a = 0, b = 0, c = 0] = version.split('.').map(Number)
  if (a !== major) return a > major
  if (b !== minor) return b > minor
  return c >= patch
}
