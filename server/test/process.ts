/**
 * The server as a process of its own, from the build, as an operator starts it: for tests that kill it, or run two of them
 * on one database.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { DemoFile } from '#cli/demo-world.ts'

const bin = fileURLToPath(new URL('../bin/countersign.js', import.meta.url))

export interface ServerProcess {
  readonly base: string
  /** Only of a demo. */
  readonly demo: DemoFile | undefined
  kill(): Promise<void>
  stop(): Promise<number | null>
}

export async function startProcess(
  mode: 'demo' | 'serve',
  environment: Record<string, string>,
  words: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(process.execPath, [bin, mode, ...words], {
    env: { PATH: process.env.PATH ?? '', PORT: '0', COUNTERSIGN_LOG_LEVEL: 'info', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const port = await listeningPort(child, mode)
  const base = `http://127.0.0.1:${port}`
  const ended = new Promise<number | null>(tell => child.once('exit', code => tell(code)))
  const file = join(environment.COUNTERSIGN_HOME ?? '', 'demo.json')
  return {
    base,
    demo: mode === 'demo' ? (JSON.parse(readFileSync(file, 'utf8')) as DemoFile) : undefined,
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    stop() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

/** Told by the greeting of the demo, or by the log of a server. */
function listeningPort(child: ChildProcess, mode: 'demo' | 'serve'): Promise<number> {
  return new Promise((found, failed) => {
    let told = ''
    const look = (chunk: Buffer) => {
      told += chunk.toString('utf8')
      const match = mode === 'demo' ? /http:\/\/localhost:(\d+)\/ /.exec(told) : /"port":(\d+)/.exec(told)
      if (match) found(Number(match[1]))
    }
    child.stdout?.on('data', look)
    child.stderr?.on('data', look)
    child.once('exit', code => failed(new Error(`the server ended with ${code} before it listened: ${told}`)))
  })
}

export interface Ended {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** One command of the terminal. */
export function countersign(words: readonly string[], environment: Record<string, string>): Promise<Ended> {
  return new Promise(tell => {
    const env = { PATH: process.env.PATH ?? '', ...environment }
    execFile(process.execPath, [bin, ...words], { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1
      tell({ code, stdout, stderr })
    })
  })
}
