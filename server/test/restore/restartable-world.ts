/**
 * A server that a test stops and starts again on the same home, to put a backup in between. On PostgreSQL a backup goes
 * into an empty database, so `moveTo` starts the server on another one.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { vi } from 'vitest'
import { buildDemoWorld } from '#cli/demo-world.ts'
import { compose } from '#compose.ts'
import { openGround } from '#ground.ts'
import { main } from '#main.ts'
import { readSettings } from '#settings/read.ts'
import { freshDatabase } from '../fresh-store.ts'
import { type EngineName, quieten, type World } from '../world.ts'

export interface RestartableWorld {
  readonly home: string
  start(): Promise<World>
  /** An empty database from now on, where the engine wants one for a restore. */
  renewDatabase(): Promise<void>
  /** A command of the terminal, in this process. */
  run(...words: string[]): Promise<{ code: number; text: string }>
  remove(): Promise<void>
}

export async function restartableWorld(engine: EngineName): Promise<RestartableWorld> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-restore-'))
  const databases: Awaited<ReturnType<typeof freshDatabase>>[] = []
  const environment: Record<string, string> = { COUNTERSIGN_HOME: home, PORT: '0', COUNTERSIGN_LOG_LEVEL: 'silent' }
  const renewDatabase = async () => {
    if (engine !== 'PostgreSQL') return
    const database = await freshDatabase()
    databases.push(database)
    environment.COUNTERSIGN_DATABASE = database.url
  }
  await renewDatabase()
  return {
    home,
    start: () => started(home, environment),
    renewDatabase,
    run: (...words) => ran(words, environment),
    async remove() {
      for (const database of databases) await database.remove()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

async function started(home: string, environment: Record<string, string>): Promise<World> {
  const { settings, problems } = readSettings(environment)
  if (!settings) throw new Error(problems.map(({ action }) => action).join(' '))
  const logged: string[] = []
  const line = (fields: object, message: string) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  let passed_ms = 0
  const machine = () => Date.now() + passed_ms
  const log = { info: line, warn: line, error: line }
  const ground = await openGround(settings, log, machine)
  const { office, carrier, settle } = await compose(settings, ground, log, [])
  const made = await buildDemoWorld(office, settings)
  const port = await carrier.listen(0, '127.0.0.1')
  return {
    base: `http://127.0.0.1:${port}`,
    demo: made.settled(port).content,
    ...{ ground, office, home, environment, logged },
    pass: seconds => {
      passed_ms += seconds * 1000
    },
    now_seconds: () => Math.floor(machine() / 1000),
    quiet: quieten(ground, settle),
    async close() {
      await carrier.close()
      await settle()
      await ground.close()
    },
  }
}

export async function ran(
  words: readonly string[],
  environment: Record<string, string>,
): Promise<{ code: number; text: string }> {
  const said: string[] = []
  const keep = (...parts: unknown[]) => void said.push(parts.join(' '))
  const [out, err] = [
    vi.spyOn(console, 'log').mockImplementation(keep),
    vi.spyOn(console, 'error').mockImplementation(keep),
  ]
  try {
    const code = await main(words, environment)
    return { code, text: said.join('\n') }
  } finally {
    out.mockRestore()
    err.mockRestore()
  }
}
