/**
 * A throw-away PostgreSQL server for tests and benches: its own folder, its own port on the loopback address, gone
 * after `stop`. `crash` kills it as a power cut would and `restart` brings the same data up again.
 * Surprise: PostgreSQL refuses to run as root, so as root the server is started as the system user `postgres`.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { chown, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from './free-port.ts'

const run = promisify(execFile)
const START_MS = 30_000

export interface PostgresOptions {
  /** False makes tests faster and the data worthless after a crash. */
  readonly fsync?: boolean
  /** More lines of postgresql.conf: `{ deadlock_timeout: '100ms' }`. */
  readonly settings?: Readonly<Record<string, string>>
}

export interface Postgres {
  /** `postgres://user:password@127.0.0.1:port/postgres`, of a superuser. */
  readonly url: string
  stop(): Promise<void>
  /** Kills every process of the server at once. */
  crash(): Promise<void>
  /** Starts the server again on the data it has. */
  restart(): Promise<void>
}

type Owner = { readonly uid: number; readonly gid: number } | undefined

/** Installs packages with apt-get where that is possible without asking anybody: Debian, as root. */
export async function ensureDebianPackages(names: readonly string[]): Promise<void> {
  const missing: string[] = []
  for (const name of names) {
    const { stdout } = await run('dpkg-query', ['--status', name]).catch(() => ({ stdout: '' }))
    if (!stdout.includes('install ok installed')) missing.push(name)
  }
  if (missing.length === 0) return
  if (process.getuid?.() !== 0)
    throw new Error(`Install ${missing.join(', ')} first: apt-get install ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run('apt-get', ['update'], { env, maxBuffer: 1 << 26 })
  await run('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { env, maxBuffer: 1 << 26 })
}

export async function startPostgres(options: PostgresOptions = {}): Promise<Postgres> {
  const binaries = await findBinaries()
  const owner = await ownerOfServer()
  const home = await mkdtemp(join(tmpdir(), 'countersign-postgres-'))
  const password = randomBytes(16).toString('hex')
  const data = join(home, 'data')
  if (owner !== undefined) await chown(home, owner.uid, owner.gid)
  try {
    const passwordFile = join(home, 'password')
    await writeFile(passwordFile, password, { mode: 0o600 })
    if (owner !== undefined) await chown(passwordFile, owner.uid, owner.gid)
    const how = [
      '-U',
      'countersign',
      '-A',
      'password',
      `--pwfile=${passwordFile}`,
      '-E',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ]
    await run(join(binaries, 'initdb'), ['-D', data, ...how], { ...owner, cwd: home })
    const port = await freePort()
    const settings = { ...settingsOf(options), port: String(port), unix_socket_directories: home }
    const start = () => startServer(join(binaries, 'postgres'), data, settings, owner)
    let server = await start()
    const halt = async (signal: NodeJS.Signals) => {
      process.removeListener('exit', killAtExit)
      await ended(server, signal)
    }
    const killAtExit = () => killAll(server)
    process.on('exit', killAtExit)
    return {
      url: `postgres://countersign:${password}@127.0.0.1:${port}/postgres`,
      crash: () => ended(server, 'SIGKILL'),
      stop: async () => {
        // SIGINT is the fast shutdown: running transactions are rolled back.
        await halt('SIGINT')
        await rm(home, { recursive: true, force: true })
      },
      restart: async () => {
        await ended(server, 'SIGINT')
        server = await start()
      },
    }
  } catch (error) {
    await rm(home, { recursive: true, force: true })
    throw error
  }
}

function settingsOf({ fsync = true, settings }: PostgresOptions): Record<string, string> {
  const fast = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }
  const usual = { listen_addresses: '127.0.0.1', max_connections: '200', shared_buffers: '64MB', timezone: 'UTC' }
  return { ...usual, ...(fsync ? {} : fast), ...settings }
}

async function startServer(
  binary: string,
  data: string,
  settings: Record<string, string>,
  owner: Owner,
): Promise<ChildProcess> {
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  // A group of its own, so that Ctrl-C at the tests does not reach it before they have stopped it.
  const server = spawn(binary, ['-D', data, ...args], {
    ...owner,
    cwd: data,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let log = ''
  await new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`PostgreSQL did not start in time:\n${log}`)), START_MS)
    server.stderr?.on('data', (text: Buffer) => {
      log = (log + text).slice(-20_000)
      if (!log.includes('ready to accept connections')) return
      clearTimeout(timer)
      resolve()
    })
    server.once('exit', () => {
      clearTimeout(timer)
      reject(new Error(`PostgreSQL did not start:\n${log}`))
    })
    server.once('error', reject)
  }).catch(error => {
    killAll(server)
    throw error
  })
  server.unref()
  ;(server.stderr as unknown as { unref?(): void } | null)?.unref?.()
  return server
}

async function ended(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  const exit = new Promise<void>(resolve => server.once('exit', () => resolve()))
  server.ref()
  if (signal === 'SIGKILL') killAll(server)
  else server.kill(signal)
  await exit
}

/**
 * Kills the server and its children, which are groups of their own and would otherwise finish what they were doing.
 * The parent is stopped first, so that it starts nobody anew.
 */
function killAll(server: ChildProcess): void {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGSTOP')
  for (const child of childrenOf(server.pid)) {
    try {
      process.kill(child, 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
  server.kill('SIGKILL')
}

function childrenOf(pid: number): number[] {
  const file = `/proc/${pid}/task/${pid}/children`
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split(' ').filter(Boolean).map(Number) : []
}

/** The folder of `initdb` and `postgres`: Debian's newest version, or wherever PATH finds them. */
async function findBinaries(mayInstall = true): Promise<string> {
  const debian = '/usr/lib/postgresql'
  const versions = (await readdir(debian).catch(() => [])).sort((a, b) => Number(b) - Number(a))
  const folders = [
    ...versions.map(version => join(debian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  for (const folder of folders) {
    const files = await readdir(folder).catch(() => [] as string[])
    if (files.includes('initdb') && files.includes('postgres')) return folder
  }
  const isDebian = await run('dpkg-query', ['--version']).then(
    () => true,
    () => false,
  )
  if (!mayInstall || !isDebian || process.getuid?.() !== 0) {
    throw new Error('PostgreSQL server binaries (initdb, postgres) are missing: install the package postgresql.')
  }
  await ensureDebianPackages(['postgresql'])
  return findBinaries(false)
}

async function ownerOfServer(): Promise<Owner> {
  if (process.getuid?.() !== 0) return undefined
  const [uid, gid] = await Promise.all(
    ['-u', '-g'].map(async flag => Number((await run('id', [flag, 'postgres'])).stdout)),
  )
  return { uid: uid as number, gid: gid as number }
}
