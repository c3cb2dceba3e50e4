/**
 * A server under test as a process on its core: started on a free port, waited for, watched, stopped by SIGTERM. What it
 * printed is shown when it ends before it should.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { onCore, SERVER_CORE } from './pinning.ts'

export interface ServerProcess {
  readonly pid: number
  readonly port: number
  /** From the start of the process to its first good answer. */
  readonly ready_ms: number
  stop(): Promise<void>
}

export interface Launch {
  /** Words behind `node`. */
  readonly words: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Answers 200 when the server is ready. */
  readonly readyPath: string
}

const PATIENCE_MS = 60_000

export async function startServer({ words, environment = {}, readyPath }: Launch): Promise<ServerProcess> {
  const port = await freePort()
  const env = { ...process.env, NODE_ENV: 'production', PORT: String(port), ...environment }
  const [command, line] = onCore(SERVER_CORE, process.execPath, words)
  const started = performance.now()
  const child = spawn(command, line, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => {
      printed = (printed + text).slice(-8000)
    })
  }
  let asked = false
  const killAtExit = () => child.kill('SIGKILL')
  process.once('exit', killAtExit)
  const over = new Promise<void>(resolve =>
    child.once('exit', (code, signal) => {
      process.removeListener('exit', killAtExit)
      if (!asked) console.error(`${words.join(' ')} ended by itself (${code ?? signal}):\n${printed}`)
      resolve()
    }),
  )
  while (!(await answers(port, readyPath))) {
    if (child.exitCode !== null) throw new Error(`${words.join(' ')} ended:\n${printed}`)
    if (performance.now() - started > PATIENCE_MS) {
      child.kill('SIGKILL')
      throw new Error(`${words.join(' ')} was not ready in time:\n${printed}`)
    }
    await pause(5)
  }
  const stop = () => {
    asked = true
    return stopped(child, over)
  }
  return { pid: child.pid as number, port, ready_ms: performance.now() - started, stop }
}

async function stopped(child: ChildProcess, over: Promise<void>): Promise<void> {
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS / 2)
  await over
  clearTimeout(late)
}

function answers(port: number, path: string): Promise<boolean> {
  return new Promise(resolve => {
    const request = get({ host: '127.0.0.1', port, path, agent: false }, answer => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode === 200))
      answer.once('error', () => resolve(false))
    })
    request.setTimeout(PATIENCE_MS / 10, () => request.destroy(new Error('no answer in time')))
    request.once('error', () => resolve(false))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}
