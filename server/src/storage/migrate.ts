/**
 * Brings a store's schema to what this release knows: one forward list of steps for both engines. For `compose`, the
 * command line and tests, before a store is opened.
 * Safe when two servers start at once: each step takes a lock, looks again, and is written with its effect in one
 * transaction. A schema whose `min_binary` is above ours is refused, so one release back always runs and two back never does.
 * Surprise: on PostgreSQL a table that is locked for more than two seconds ends the migration instead of queueing up everybody.
 */
import type pg from 'pg'
import { StoreUnusable } from '#storage/engine-unusable.ts'
import type { Migration, SqlTypes } from '#storage/migrations/migration.ts'
import { closeWriter, openWriter } from '#storage/sqlite/open-database.ts'
import { writeStatistics } from '#storage/sqlite/statistics.ts'

export interface MigrateOptions {
  readonly migrations: readonly Migration[]
  /** The number of this release, compared with `min_binary`. */
  readonly binary: number
  readonly now_ms: number
}

export const SQLITE_TYPES: SqlTypes = { int: 'integer', blob: 'blob', text: 'text', clustered: 'without rowid' }
export const POSTGRES_TYPES: SqlTypes = { int: 'bigint', blob: 'bytea', text: 'text collate "C"', clustered: '' }

/** Left in a PostgreSQL database from the start of a restore to its end: the old epoch must not be served. */
export const RESTORE_MARK = 'restore_unfinished'

const LEDGER = ({ int, text }: SqlTypes) =>
  `create table if not exists schema_migration (version ${int} primary key, name ${text} not null, applied_at ${int} not null, min_binary ${int} not null)`
const APPLIED = 'select version, name, min_binary from schema_migration order by version'
// Any number will do, as long as every release takes the same.
const LOCK = 'select pg_advisory_xact_lock(470026717)'

type Applied = { readonly version: number; readonly name: string; readonly min_binary: number }

/** Answers the names of the steps that were taken now. */
export function migrateSqlite(path: string, options: MigrateOptions): readonly string[] {
  const database = openWriter(path)
  const taken: string[] = []
  try {
    database.exec('pragma busy_timeout = 10000')
    for (;;) {
      database.exec('begin immediate')
      database.exec(LEDGER(SQLITE_TYPES))
      const step = nextStep(database.prepare(APPLIED).all() as unknown as Applied[], options)
      if (step !== undefined) {
        for (const text of step.statements(SQLITE_TYPES)) database.exec(text)
        database
          .prepare('insert into schema_migration (version, name, applied_at, min_binary) values (?1, ?2, ?3, ?4)')
          .run(step.version, step.name, options.now_ms, step.min_binary)
      } else if (taken.length > 0) writeStatistics(database)
      database.exec('commit')
      if (step === undefined) return taken
      taken.push(step.name)
    }
  } finally {
    closeWriter(database)
  }
}

/** Answers the names of the steps that were taken now. */
export async function migratePostgres(
  url: string,
  options: MigrateOptions & { readonly restoring?: true },
): Promise<readonly string[]> {
  const { Client } = (await import('pg')).default
  const client = new Client({ connectionString: url, application_name: 'countersign-migrate' })
  client.on('error', () => {})
  await client.connect()
  const taken: string[] = []
  try {
    for (;;) {
      await client.query('begin')
      await client.query(LOCK)
      await client.query("set local lock_timeout = '2s'")
      if (options.restoring !== true) await refuseUnfinishedRestore(client)
      await client.query(LEDGER(POSTGRES_TYPES))
      const { rows } = await client.query(APPLIED)
      const step = nextStep(rows.map(numbered), options)
      if (step !== undefined) {
        for (const text of step.statements(POSTGRES_TYPES)) await client.query(text)
        await client.query(
          'insert into schema_migration (version, name, applied_at, min_binary) values ($1, $2, $3, $4)',
          [step.version, step.name, options.now_ms, step.min_binary],
        )
      }
      await client.query('commit')
      if (step === undefined) return taken
      taken.push(step.name)
    }
  } finally {
    await client.end()
  }
}

/** Refuses a schema that is not ours to touch; answers the step to take, if any is left. */
function nextStep(applied: readonly Applied[], { migrations, binary }: MigrateOptions): Migration | undefined {
  const needed = Math.max(0, ...applied.map(step => step.min_binary))
  if (needed > binary) {
    throw new StoreUnusable(
      `The store was brought to a schema that needs release ${needed} or newer; this is release ${binary}.`,
      'Start a newer release, or restore a backup made before the upgrade.',
    )
  }
  const byVersion = new Map(applied.map(step => [step.version, step.name]))
  for (const { version, name } of migrations) {
    const there = byVersion.get(version)
    if (there === undefined || there === name) continue
    throw new StoreUnusable(
      `Step ${version} of the schema is "${there}" in the store and "${name}" in this release.`,
      'The store belongs to another build of this program: start that one.',
    )
  }
  return migrations.find(step => !byVersion.has(step.version))
}

async function refuseUnfinishedRestore(client: pg.Client): Promise<void> {
  const { rows } = await client.query('select to_regclass($1) is not null as unfinished', [RESTORE_MARK])
  if (!rows[0]?.unfinished) return
  throw new StoreUnusable(
    'A restore into this database has not been finished; nothing in it may be served yet.',
    'Drop the database, create it anew, and run the restore again.',
  )
}

function numbered(row: { version: string; name: string; min_binary: string }): Applied {
  return { version: Number(row.version), name: row.name, min_binary: Number(row.min_binary) }
}
