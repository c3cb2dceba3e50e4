/**
 * A demo server in a fresh folder, as a newcomer would start it, for tools that measure from outside. `stop` ends it and
 * removes the folder.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { ROOT } from './run-program.ts'

const START_MS = 60_000

/** The part of `demo.json` that the tools read. */
export interface DemoFile {
  readonly base: string
  readonly tenant: string
  readonly client: { readonly client_id: string; readonly client_secret: string }
  readonly users: readonly { readonly externalId: string; readonly password: string }[]
  readonly try: { readonly user: string }
}

export interface DemoServer {
  readonly demo: DemoFile
  stop(): Promise<void>
}

export async function startDemo(): Promise<DemoServer> {
  const home = mkdtempSync(join(tmpdir(), 'countersign-demo-'))
  const environment = { ...process.env, PORT: '0', COUNTERSIGN_HOME: home, COUNTERSIGN_LOG_LEVEL: 'silent' }
  const server = spawn(process.execPath, ['server/bin/countersign.js', 'demo'], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const kill = () => server.kill('SIGKILL')
  process.once('exit', kill)
  const stop = async () => {
    process.removeListener('exit', kill)
    if (server.exitCode === null && server.signalCode === null) {
      server.kill('SIGTERM')
      await once(server, 'exit')
    }
    rmSync(home, { recursive: true, force: true })
  }
  const file = join(home, 'demo.json')
  for (const until = Date.now() + START_MS; Date.now() < until && server.exitCode === null; await pause(50)) {
    if (existsSync(file)) return { demo: JSON.parse(readFileSync(file, 'utf8')) as DemoFile, stop }
  }
  await stop()
  throw new Error('The demo did not start; what it said stands above.')
}
