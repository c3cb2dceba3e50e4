/**
 * The Dockerfile's steps, run as a script: each stage is a folder, COPY copies from what .dockerignore lets through, RUN runs
 * in the stage's folder. No container engine is needed, so what is not shown is the base image itself.
 * Slow: it installs from the lock file, out of npm's cache where that has it.
 */
import { type ExecFileSyncOptions, execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, posix, relative } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ROOT } from './architecture/read-project.ts'

interface Step {
  readonly word: string
  readonly rest: string
}

interface Stage {
  readonly folder: string
  workdir: string
  user: string
  readonly environment: Record<string, string>
  command: readonly string[]
  health: readonly string[]
}

const NPM = { npm_config_prefer_offline: 'true', npm_config_update_notifier: 'false' }
const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8')
const folder = mkdtempSync(join(tmpdir(), 'countersign-image-'))
const stages = new Map<string, Stage>()
let last: Stage

function stepsOf(dockerfile: string): Step[] {
  const lines = dockerfile.replaceAll(/\\\n/g, ' ').split('\n')
  return lines
    .filter(line => line.trim() !== '' && !line.startsWith('#'))
    .map(line => {
      const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? []
      return { word, rest: rest.trim() }
    })
}

/** Whether .dockerignore sends this path (from the root) to the builder; the last line that matches decides. */
function sends(path: string): boolean {
  const lines = readFileSync(join(ROOT, '.dockerignore'), 'utf8').split('\n')
  let sent = true
  for (const line of lines.filter(one => one.trim() !== '' && !one.startsWith('#'))) {
    const form = line.replace(/^!/, '')
    const parts = path.split('/')
    const starts = parts.map((_, n) => parts.slice(0, n + 1).join('/'))
    const hit = starts.some(start => fits(start, form))
    if (hit) sent = line.startsWith('!')
  }
  return sent
}

// The forms that our .dockerignore uses: a path, `*` for any first part (hidden ones too), `**/name` at any depth.
const fits = (path: string, form: string) =>
  form === '*' ? !path.includes('/') : form.startsWith('**/') ? path.split('/').at(-1) === form.slice(3) : path === form

function inside(stage: Stage, path: string): string {
  return join(stage.folder, posix.resolve(stage.workdir, path))
}

/** This machine's environment, for npm's own settings, without ours and without those of the run of the tests. */
function environmentOf(stage: Stage): NodeJS.ProcessEnv {
  const own =
    /^(?:COUNTERSIGN_|VITEST|NODE_ENV$|NODE_OPTIONS$|PORT$|npm_(?!config_(?:registry|cache|userconfig|globalconfig|.*proxy|cafile)$))/
  const kept = Object.entries(process.env).filter(([name]) => !own.test(name))
  return { ...Object.fromEntries(kept), ...NPM, ...stage.environment }
}

function copy(stage: Stage, rest: string): void {
  const words = rest.split(/\s+/)
  const from = words.find(word => word.startsWith('--from='))?.slice('--from='.length)
  const paths = words.filter(word => !word.startsWith('--'))
  const to = paths.pop() as string
  const source = from === undefined ? undefined : stages.get(from)
  for (const path of paths) {
    const file = source ? inside(source, path) : join(ROOT, path)
    const target = to.endsWith('/') ? join(inside(stage, to), basename(path)) : inside(stage, to)
    if (!source) expect(sends(path), `${path} is sent to the builder`).toBe(true)
    cpSync(file, target, {
      recursive: true,
      verbatimSymlinks: true,
      filter: one => source !== undefined || sends(relative(ROOT, one)),
    })
  }
}

function run(step: Step): void {
  const { word, rest } = step
  if (word === 'FROM') {
    const [, base, name = 'last'] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? []
    expect(base).toBe('node:24-slim')
    last = { folder: join(folder, name), workdir: '/', user: 'root', environment: {}, command: [], health: [] }
    stages.set(name, last)
    return
  }
  if (word === 'WORKDIR') {
    last.workdir = rest
    mkdirSync(inside(last, '.'), { recursive: true })
  } else if (word === 'COPY') copy(last, rest)
  else if (word === 'RUN') {
    // The stage is a folder here, so a step with an absolute path would reach out of it.
    expect(rest).not.toMatch(/(^|\s)\//)
    const options: ExecFileSyncOptions = { cwd: inside(last, '.'), env: environmentOf(last), stdio: 'pipe' }
    execFileSync('sh', ['-ec', rest], options)
  } else if (word === 'ENV')
    Object.assign(last.environment, Object.fromEntries(rest.split(/\s+/).map(one => one.split('='))))
  else if (word === 'USER') last.user = rest
  else if (word === 'CMD') last.command = JSON.parse(rest)
  else if (word === 'HEALTHCHECK') last.health = JSON.parse(rest.slice(rest.indexOf('CMD ') + 4))
  else expect(['VOLUME', 'EXPOSE']).toContain(word)
}

/** Starts a program in the finished image's folder, with its environment but a home that exists here. */
function start([program, ...args]: readonly string[], environment: Record<string, string> = {}) {
  const env = { ...environmentOf(last), COUNTERSIGN_HOME: join(last.folder, 'data'), ...environment }
  const file = program === 'node' ? process.execPath : (program as string)
  return spawnSync(file, args, { cwd: inside(last, '.'), env, encoding: 'utf8', timeout: 20_000 })
}

describe('the Dockerfile', () => {
  beforeAll(() => {
    for (const step of stepsOf(text)) run(step)
  }, 240_000)
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it('ends as a user who is not root, in an image without sources and tools', () => {
    expect(last.user).toBe('node')
    expect(statSync(join(last.folder, 'data')).isDirectory()).toBe(true)
    for (const left of ['server/src', 'protocol/src', 'node_modules/typescript', 'node_modules/vitest']) {
      expect(existsSync(inside(last, left)), left).toBe(false)
    }
    expect(existsSync(inside(last, 'node_modules/fastify'))).toBe(true)
  })

  it('gives a server that tells how it is used', () => {
    const { status, stdout } = start(['node', 'server/bin/countersign.js', '--help'])
    expect(status).toBe(0)
    expect(stdout).toContain('serve')
  })

  it('starts as the production server, which refuses without settings and says which', () => {
    expect(last.command).toEqual(['node', 'server/bin/countersign.js', 'serve'])
    const { status, stderr } = start(last.command)
    expect(status).not.toBe(0)
    expect(stderr).toContain('COUNTERSIGN_URL')
  })

  it('asks for its health and is told no where nothing answers', () => {
    expect(start(last.health, { PORT: '1' }).status).toBe(1)
  })

  it('sends no data, secret, installed or built file to the builder', () => {
    for (const path of [
      '.git/config',
      '.countersign/master.key',
      'node_modules/pg/package.json',
      'server/dist/main.js',
      '.env',
    ]) {
      expect(sends(path), path).toBe(false)
    }
    expect(sends('server/src/main.ts')).toBe(true)
  })
})

describe('compose.yaml', () => {
  const compose = readFileSync(join(ROOT, 'compose.yaml'), 'utf8')

  it('asks for every secret and has no default for one', () => {
    expect(compose).toMatch(/\$\{POSTGRES_PASSWORD:\?/)
    expect(compose).toMatch(/\$\{MASTER_KEY_FILE:\?/)
    expect(compose).not.toMatch(/\$\{[A-Z_]*(?:PASSWORD|KEY|SECRET|TOKEN)[A-Z_]*:?-/)
  })

  it('names only settings that exist', async () => {
    const { shape } = await import('#settings/shape.ts')
    const known = Object.values(shape).map(({ name }) => name)
    const named = new Set([...`${compose}${text}`.matchAll(/\b(COUNTERSIGN_[A-Z_]+)/g)].map(found => found[1]))
    expect([...named].filter(name => !known.includes(name as (typeof known)[number]))).toEqual([])
  })
})
