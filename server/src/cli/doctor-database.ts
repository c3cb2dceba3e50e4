/** Whether the database answers, which schema it has, and whether its clock agrees with this machine's. Changes nothing. */
import { existsSync } from 'node:fs'
import pg from 'pg'
import type { Diagnosis } from '#cli/doctor.ts'
import type { Settings } from '#settings/read.ts'
import { BINARY, migrations } from '#storage/migrations/list.ts'
import { openReader } from '#storage/sqlite/open-database.ts'

interface Applied {
  readonly version: number
  readonly needed: number
  readonly floor: number
}

const WORST_CLOCK_MS = 2000
const PATIENCE_MS = 5000
const APPLIED = `
  select coalesce(max(version), 0) as version, coalesce(max(min_binary), 0) as needed,
         (select value from store_meta where name = 'clock_floor') as floor
  from schema_migration`

export async function checkDatabase({ database }: Settings, now_ms: () => number): Promise<readonly Diagnosis[]> {
  const about = 'Database'
  try {
    if (database.engine === 'postgres') return await askPostgres(database.url.reveal(), now_ms)
    if (!existsSync(database.path)) {
      return [{ level: 'hint', about, sentence: `${database.path} is not there yet; the first start makes it.` }]
    }
    return [{ level: 'ok', about, sentence: database.path }, ...schema(askSqlite(database.path), now_ms())]
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error)
    return [
      { level: 'fault', about, sentence: `it does not answer (${said.slice(0, 200)}). Look at COUNTERSIGN_DATABASE.` },
    ]
  }
}

function askSqlite(path: string): Applied {
  const database = openReader(path)
  try {
    return numbered(database.prepare(APPLIED).get() as Record<string, unknown>)
  } finally {
    database.close()
  }
}

async function askPostgres(url: string, now_ms: () => number): Promise<readonly Diagnosis[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: PATIENCE_MS })
  client.on('error', () => {})
  await client.connect()
  try {
    const before = now_ms()
    const { rows: clocks } = await client.query(
      `select extract(epoch from clock_timestamp()) * 1000 as now, version() as version, to_regclass('schema_migration') is not null as made`,
    )
    const after = now_ms()
    const { now, version, made } = clocks[0] as { now: string; version: string; made: boolean }
    const found: Diagnosis[] = [{ level: 'ok', about: 'Database', sentence: version.split(',', 1)[0] ?? '' }]
    const apart = Math.max(0, before - Number(now), Number(now) - after)
    found.push(clock('the database', apart))
    if (!made)
      return [...found, { level: 'hint', about: 'Schema', sentence: 'not made yet; the first start makes it.' }]
    const { rows } = await client.query(APPLIED)
    return [...found, ...schema(numbered(rows[0]), after)]
  } finally {
    await client.end()
  }
}

function schema({ version, needed, floor }: Applied, now_ms: number): readonly Diagnosis[] {
  const newest = migrations.at(-1)?.version ?? 0
  const about = 'Schema'
  const found: Diagnosis[] = [clock('the last time the store wrote down', Math.max(0, floor - now_ms))]
  if (needed > BINARY) {
    found.push({ level: 'fault', about, sentence: `it needs release ${needed} or newer. Start a newer release.` })
  } else if (version < newest) {
    found.push({
      level: 'hint',
      about,
      sentence: `step ${version} of ${newest}; the next start brings it up. Take a backup first.`,
    })
  } else {
    found.push({ level: 'ok', about, sentence: `step ${version}` })
  }
  return found
}

function clock(against: string, apart_ms: number): Diagnosis {
  if (apart_ms <= WORST_CLOCK_MS) return { level: 'ok', about: 'Clock', sentence: `agrees with ${against}` }
  const seconds = Math.round(apart_ms / 1000)
  return {
    level: 'fault',
    about: 'Clock',
    sentence: `${seconds} s away from ${against}. Set it, and keep it set: NTP.`,
  }
}

function numbered(row: Record<string, unknown>): Applied {
  return { version: Number(row.version), needed: Number(row.needed), floor: Number(row.floor ?? 0) }
}
