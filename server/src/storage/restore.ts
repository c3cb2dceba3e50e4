/**
 * Puts a backup in the place of a store, as a new epoch: what was issued by the old one must not revive. For
 * `countersign restore`, while no server runs.
 * The epoch is raised before anybody can open the store: on SQLite in a file that gets its name last, on PostgreSQL
 * under a mark that every server refuses. Surprise: a store that is replaced is kept beside the new one, never deleted.
 */
import { existsSync } from 'node:fs'
import { chmod, copyFile, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import pg from 'pg'
import type { Store } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import { StoreUnusable } from '#storage/engine-unusable.ts'
import type { Lease } from '#storage/lease.ts'
import { type MigrateOptions, migratePostgres, migrateSqlite, RESTORE_MARK } from '#storage/migrate.ts'
import { runClientProgram } from '#storage/postgres/client-program.ts'
import { PostgresStore } from '#storage/postgres/store.ts'
import { type EpochStep, type RaisedEpoch, raiseEpoch } from '#storage/raise-epoch.ts'
import { openDatabase } from '#storage/sqlite/open-database.ts'
import { SqliteStore } from '#storage/sqlite/store.ts'

export interface RestoreOptions extends MigrateOptions {
  readonly steps: readonly EpochStep[]
}

/** The lease of the home folder is asked for as a proof that no server runs. */
export async function restoreSqlite(
  backup: string,
  path: string,
  _lease: Lease,
  options: RestoreOptions,
): Promise<RaisedEpoch> {
  const fresh = `${path}.restoring`
  await removeDatabase(fresh)
  try {
    await copyFile(backup, fresh)
    await chmod(fresh, 0o600)
    refuseForeignFile(backup, fresh)
    migrateSqlite(fresh, options)
    const raised = await raisedBy(new SqliteStore(fresh), options)
    await refuseUnfolded(fresh)
    await synced(fresh)
    await setAside(path, `${path}.before-restore-${options.now_ms}`)
    await rename(fresh, path)
    await synced(dirname(path))
    return raised
  } finally {
    await removeDatabase(fresh)
  }
}

/** Only into an empty database. */
export async function restorePostgres(backup: string, url: string, options: RestoreOptions): Promise<RaisedEpoch> {
  await withClient(url, async client => {
    const { rows } = await client.query("select 1 from pg_class where relnamespace = 'public'::regnamespace limit 1")
    if (rows.length > 0) {
      throw new StoreUnusable(
        'The database is not empty.',
        'Create a new one, restore into it, and set COUNTERSIGN_DATABASE to it.',
      )
    }
    await client.query(`create table ${RESTORE_MARK} ()`)
  })
  await runClientProgram('pg_restore', url, [
    '--no-owner',
    '--no-privileges',
    '--single-transaction',
    '--exit-on-error',
    backup,
  ])
  await migratePostgres(url, { ...options, restoring: true })
  const raised = await raisedBy(new PostgresStore(url, { connections: 2 }), options)
  await withClient(url, async client => {
    await client.query(`drop table ${RESTORE_MARK}`)
  })
  return raised
}

async function raisedBy(store: Store & { close(): Promise<void> }, { steps }: RestoreOptions): Promise<RaisedEpoch> {
  return raiseEpoch(store, steps).finally(() => store.close())
}

function refuseForeignFile(backup: string, copy: string): void {
  const database = openDatabase(copy)
  try {
    const [found] = database.prepare('pragma quick_check(1)').all() as { quick_check: string }[]
    const ours = database.prepare("select 1 from sqlite_schema where name = 'schema_migration'").all()
    if (found?.quick_check === 'ok' && ours.length === 1) return
  } catch {
    // Not a database at all.
  } finally {
    database.close()
  }
  throw new StoreUnusable(
    `${backup} is not a whole backup of a Countersign store.`,
    'Nothing was changed: take another backup file.',
  )
}

async function setAside(path: string, aside: string): Promise<void> {
  if (!existsSync(path)) return
  try {
    // Opening and closing folds what a crash left in the write-ahead log into the file.
    const database = openDatabase(path)
    database.exec('pragma wal_checkpoint(truncate)')
    database.close()
  } catch {
    // It may be the very damage for which a backup is put in place: kept as it is.
  }
  if (existsSync(`${path}-wal`)) await rename(`${path}-wal`, `${aside}-wal`)
  await rm(`${path}-shm`, { force: true })
  await rename(path, aside)
}

/** Only the file gets the name of the store: what were still in a log beside it would be lost, the new epoch with it. */
async function refuseUnfolded(path: string): Promise<void> {
  const log = await stat(`${path}-wal`).catch(() => undefined)
  if (log !== undefined && log.size > 0)
    throw new Fault(`${path} was closed, and its log still holds ${log.size} bytes`)
}

async function removeDatabase(path: string): Promise<void> {
  for (const ending of ['', '-wal', '-shm']) await rm(path + ending, { force: true })
}

async function synced(path: string): Promise<void> {
  const file = await open(path, 'r')
  await file.sync().finally(() => file.close())
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  await work(client).finally(() => client.end())
}
