/**
 * `countersign doctor`: looks at an installation without changing it, and says what to do about each thing that is not as
 * it should be. Works while a server runs and when none can start. Exit code 1 when something must be done.
 */
import type { FreeCommand } from '#cli/command.ts'
import { checkDatabase } from '#cli/doctor-database.ts'
import type { Diagnosis } from '#cli/doctor-diagnosis.ts'
import { checkFolders } from '#cli/doctor-folders.ts'
import { sqliteVersion } from '#cli/doctor-sqlite.ts'
import { unsafe } from '#settings/production.ts'
import type { Settings } from '#settings/read.ts'

const OLDEST_NODE = [20, 19] as const
const MARKS = { ok: '  ok  ', hint: ' hint ', fault: 'FAULT ' } as const

export const doctor: FreeCommand = {
  runs: 'anywhere',
  words: 'doctor',
  summary: 'Checks this installation and says what to do.',

  async run(_, { settings, now_ms }) {
    const found = [
      node(),
      sqlite(),
      ...production(settings),
      ...checkFolders(settings),
      ...(await checkDatabase(settings, now_ms)),
    ]
    const faults = found.filter(({ level }) => level === 'fault').length
    return {
      lines: found.map(({ level, about, sentence }) => `${MARKS[level]} ${about}: ${sentence}`),
      data: found,
      exit: faults === 0 ? 0 : 1,
    }
  },
}

function node(): Diagnosis {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const fits = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])
  const sentence = fits ? process.versions.node : `${process.versions.node} is too old. Install Node.js 20.19 or newer.`
  return { level: fits ? 'ok' : 'fault', about: 'Node.js', sentence }
}

function sqlite(): Diagnosis {
  return { level: 'ok', about: 'SQLite', sentence: sqliteVersion() }
}

/** What `serve` would refuse; the demo works with it. */
function production(settings: Settings): readonly Diagnosis[] {
  const problems = unsafe(settings)
  if (problems.length === 0) return [{ level: 'ok', about: 'Settings', sentence: 'safe for production' }]
  return problems.map(({ name, action }) => ({ level: 'hint', about: name, sentence: `serve would refuse. ${action}` }))
}
