/**
 * Asks a database what it is, without changing it and without a store being open: for `countersign doctor`, which must also
 * answer where no server can start.
 */
import { openReader } from '#storage/sqlite/open-database.ts'

export interface DatabaseFacts {
  /** The server's own words; of SQLite nothing. */
  readonly version: string | undefined
  /** How far its clock is from the machine's; 0 for SQLite, which has none. */
  readonly apart_ms: number
  /** Undefined where no schema was made yet. */
  readonly schema: { readonly version: number; readonly needed: number; readonly floor_ms: number } | undefined
}

const PATIENCE_MS = 5000
const ABOUT = `
  select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as now, version() as version,
         to_regclass('schema_migration') is not null as made`
const APPLIED = `
  select coalesce(max(version), 0) as version, coalesce(max(min_binary), 0) as needed,
         (select value from store_meta where name = 'clock_floor') as floor
  from schema_migration`

export function askSqlite(path: string): DatabaseFacts {
  const database = openReader(path)
  try {
    const made = database.prepare("select 1 from sqlite_schema where name = 'schema_migration'").all().length > 0
    const row = made ? (database.prepare(APPLIED).get() as Record<string, unknown>) : undefined
    return { version: undefined, apart_ms: 0, schema: row && schemaOf(row) }
  } finally {
    database.close()
  }
}

export async function askPostgres(url: string, now_ms: () => number): Promise<DatabaseFacts> {
  const { Client } = (await import('pg')).default
  const client = new Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS })
  client.on('error', () => {})
  await client.connect()
  try {
    const before = now_ms()
    const { rows } = await client.query(ABOUT)
    const after = now_ms()
    const { now, version, made } = rows[0] as { now: string; version: string; made: boolean }
    const applied = made ? await client.query(APPLIED) : undefined
    return {
      version,
      apart_ms: Math.max(0, before - Number(now), Number(now) - after),
      schema: applied && schemaOf(applied.rows[0]),
    }
  } finally {
    await client.end()
  }
}

function schemaOf(row: Record<string, unknown>): NonNullable<DatabaseFacts['schema']> {
  return { version: Number(row.version), needed: Number(row.needed), floor_ms: Number(row.floor ?? 0) }
}
