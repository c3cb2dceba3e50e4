/** Whether the database answers, which schema it has, and whether its clock agrees with this machine's. Changes nothing. */
import { existsSync } from 'node:fs'
import type { Diagnosis } from '#cli/doctor-diagnosis.ts'
import type { Settings } from '#settings/read.ts'
import { BINARY, migrations } from '#storage/migrations/list.ts'
import { askPostgres, askSqlite, type DatabaseFacts } from '#storage/verify-reachable.ts'

const WORST_CLOCK_MS = 2000

export async function checkDatabase({ database }: Settings, now_ms: () => number): Promise<readonly Diagnosis[]> {
  const about = 'Database'
  if (database.engine === 'sqlite' && !existsSync(database.path)) {
    return [{ level: 'hint', about, sentence: `${database.path} is not there yet; the first start makes it.` }]
  }
  try {
    const facts =
      database.engine === 'sqlite' ? askSqlite(database.path) : await askPostgres(database.url.reveal(), now_ms)
    const sentence = database.engine === 'sqlite' ? database.path : (facts.version?.split(',', 1)[0] ?? 'it answers')
    return [{ level: 'ok', about, sentence }, ...clocks(facts, now_ms()), schema(facts)]
  } catch (error) {
    const said = (error instanceof Error ? error.message : String(error)).slice(0, 200)
    return [{ level: 'fault', about, sentence: `it does not answer (${said}). Look at COUNTERSIGN_DATABASE.` }]
  }
}

function schema({ schema: found }: DatabaseFacts): Diagnosis {
  const about = 'Schema'
  const newest = migrations.at(-1)?.version ?? 0
  if (!found) return { level: 'hint', about, sentence: 'not made yet; the first start makes it.' }
  const { version, needed } = found
  if (needed > BINARY) {
    return { level: 'fault', about, sentence: `it needs release ${needed} or newer. Start a newer release.` }
  }
  if (version >= newest) return { level: 'ok', about, sentence: `step ${version}` }
  const sentence = `step ${version} of ${newest}; the next start brings it up. Take a backup first.`
  return { level: 'hint', about, sentence }
}

function clocks({ apart_ms, schema: found }: DatabaseFacts, now_ms: number): readonly Diagnosis[] {
  return [
    clock('the database', apart_ms),
    clock('the last time the store wrote down', Math.max(0, (found?.floor_ms ?? 0) - now_ms)),
  ]
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
