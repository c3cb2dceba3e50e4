import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import { unsafe } from '#settings/production.ts'
import { readSettings, type Settings } from '#settings/read.ts'
import { shape } from '#settings/shape.ts'
import { settingsTable } from '#settings/table.ts'

type Environment = Record<string, string>
const settingsOf = (environment: Environment): Settings => {
  const { settings, problems } = readSettings(environment)
  if (!settings) throw new Error(JSON.stringify(problems))
  return settings
}
const problemsOf = (environment: Environment) => readSettings(environment).problems ?? []

describe('reading', () => {
  test('an empty environment is a laptop', () => {
    const settings = settingsOf({ PATH: '/bin', COUNTERSIGN_HOST: ' ' })
    expect(settings).toEqual({
      port: 8080,
      host: 'localhost',
      publicOrigin: undefined,
      approveOrigin: undefined,
      approvePort: undefined,
      bankPort: undefined,
      home: resolve('.countersign'),
      database: { engine: 'sqlite', path: resolve('.countersign/countersign.db') },
      masterKey: { from: 'file', path: resolve('.countersign/master.key') },
      trustedProxies: [],
      checkpoints: [{ kind: 'file', path: resolve('.countersign/checkpoints.log') }],
      backups: undefined,
      metricsToken: undefined,
      metricsPort: undefined,
      nodes: 1,
      pool: undefined,
      riskHook: undefined,
      fidoMetadataUrl: undefined,
      fidoMetadataRoot: undefined,
      hashQueue: 64,
      drain_seconds: 20,
      logLevel: 'info',
    })
    expect(Object.isFrozen(settings)).toBe(true)
  })

  test('every setting can be given', () => {
    const settings = settingsOf({
      PORT: '0',
      COUNTERSIGN_HOST: '::',
      COUNTERSIGN_URL: 'https://id.example.org/',
      COUNTERSIGN_HOME: '/data',
      COUNTERSIGN_DATABASE: 'postgres://me:pass@db/x',
      COUNTERSIGN_MASTER_KEY_COMMAND: 'vault  read key',
      COUNTERSIGN_TRUSTED_PROXIES: '10.0.0.1, fd00::/8',
      COUNTERSIGN_CHECKPOINTS: 'file:/log/c, https://witness.example/c',
      COUNTERSIGN_BACKUPS: '/backups',
      COUNTERSIGN_METRICS_TOKEN: 'planted-metrics-token',
      COUNTERSIGN_METRICS_PORT: '9090',
      COUNTERSIGN_NODES: '3',
      COUNTERSIGN_POOL: '20',
      COUNTERSIGN_HASH_QUEUE: '0',
      COUNTERSIGN_DRAIN_SECONDS: '5',
      COUNTERSIGN_LOG_LEVEL: 'debug',
    })
    const { database, metricsToken, ...rest } = settings
    expect(rest).toMatchObject({
      port: 0,
      publicOrigin: 'https://id.example.org',
      masterKey: { from: 'command', command: ['vault', 'read', 'key'] },
      trustedProxies: [
        { address: '10.0.0.1', bits: 32 },
        { address: 'fd00::', bits: 8 },
      ],
      checkpoints: [
        { kind: 'file', path: '/log/c' },
        { kind: 'http', url: 'https://witness.example/c' },
      ],
      nodes: 3,
      pool: 20,
      hashQueue: 0,
      drain_seconds: 5,
      logLevel: 'debug',
    })
    expect(database.engine === 'postgres' && database.url.reveal()).toBe('postgres://me:pass@db/x')
    expect(metricsToken?.reveal()).toBe('planted-metrics-token')
  })

  test('H1: settings that are printed or logged show no secret', () => {
    const settings = settingsOf({
      COUNTERSIGN_DATABASE: 'postgres://me:planted@db/x',
      COUNTERSIGN_MASTER_KEY: 'planted'.repeat(6),
      COUNTERSIGN_METRICS_TOKEN: 'planted-metrics-token',
    })
    const shown = `${inspect(settings, { depth: 9, showHidden: true })}${JSON.stringify(settings)}${settings.metricsToken}`
    expect(shown).not.toContain('planted')
    expect(JSON.parse(JSON.stringify(settings))).toMatchObject({ database: { url: '[hidden]' } })
  })

  test.each([
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['PORT', '80a'],
    ['COUNTERSIGN_HOST', 'a b'],
    ['COUNTERSIGN_URL', 'https://id.example.org/path'],
    ['COUNTERSIGN_URL', 'https://user@id.example.org'],
    ['COUNTERSIGN_URL', 'ftp://id.example.org'],
    ['COUNTERSIGN_URL', 'id.example.org'],
    ['COUNTERSIGN_DATABASE', 'mysql://x'],
    ['COUNTERSIGN_DATABASE', 'sqlite:'],
    ['COUNTERSIGN_MASTER_KEY', 'short-planted'],
    ['COUNTERSIGN_TRUSTED_PROXIES', '10.0.0.0/33'],
    ['COUNTERSIGN_TRUSTED_PROXIES', 'proxy.example'],
    ['COUNTERSIGN_TRUSTED_PROXIES', '10.0.0.1,,'],
    ['COUNTERSIGN_TRUSTED_PROXIES', '10.0.0.0/8/8'],
    ['COUNTERSIGN_TRUSTED_PROXIES', Array(65).fill('::1').join()],
    ['COUNTERSIGN_CHECKPOINTS', 'mailto:x@example.org'],
    ['COUNTERSIGN_METRICS_TOKEN', 'short-planted'],
    ['COUNTERSIGN_NODES', '33'],
    ['COUNTERSIGN_POOL', '0'],
    ['COUNTERSIGN_LOG_LEVEL', 'loud'],
  ])('%s=%s is a problem that says what to do and does not repeat the text', (name, text) => {
    const [problem, ...more] = problemsOf({ [name]: text })
    expect(more).toEqual([])
    expect(problem?.name).toBe(name)
    expect(problem?.action).toMatch(/^[A-Z_]+ (needs|takes) .*\.$/)
    expect(problem?.action).not.toContain('planted')
  })

  test('a typing error is a problem, not a default; all problems come at once', () => {
    const problems = problemsOf({ COUNTERSIGN_DATABSE: 'x', COUNTERSIGN_POOL: 'x', COUNTERSIGN_NODES: '2' })
    expect(problems.map(({ name }) => name).sort()).toEqual([
      'COUNTERSIGN_DATABSE',
      'COUNTERSIGN_NODES',
      'COUNTERSIGN_POOL',
    ])
  })

  test('the master key comes from one place', () => {
    const problems = problemsOf({ COUNTERSIGN_MASTER_KEY: 'a'.repeat(64), COUNTERSIGN_MASTER_KEY_FILE: '/k' })
    expect(problems).toHaveLength(1)
  })
})

describe('production', () => {
  const safe = { COUNTERSIGN_URL: 'https://id.example.org' }
  test.each([
    [safe, []],
    [{ COUNTERSIGN_URL: 'http://localhost:8080' }, []],
    [{ COUNTERSIGN_URL: 'http://127.0.0.1:8080' }, []],
    [{ COUNTERSIGN_URL: 'http://[::1]:8080' }, []],
    [{}, ['COUNTERSIGN_URL']],
    [{ COUNTERSIGN_URL: 'http://id.example.org' }, ['COUNTERSIGN_URL']],
    [{ COUNTERSIGN_URL: 'http://localhost.example.org' }, ['COUNTERSIGN_URL']],
    [{ ...safe, COUNTERSIGN_TRUSTED_PROXIES: '0.0.0.0/0' }, ['COUNTERSIGN_TRUSTED_PROXIES']],
    [{ ...safe, COUNTERSIGN_TRUSTED_PROXIES: '::/0' }, ['COUNTERSIGN_TRUSTED_PROXIES']],
    [{ ...safe, COUNTERSIGN_TRUSTED_PROXIES: '10.0.0.0/8' }, []],
    [{ ...safe, COUNTERSIGN_HOME: '/data', COUNTERSIGN_BACKUPS: '/data' }, ['COUNTERSIGN_BACKUPS']],
    [{ ...safe, COUNTERSIGN_HOME: '/data', COUNTERSIGN_BACKUPS: '/' }, ['COUNTERSIGN_BACKUPS']],
    [{ ...safe, COUNTERSIGN_HOME: '/data', COUNTERSIGN_BACKUPS: '/data/backups' }, []],
    [{ ...safe, COUNTERSIGN_HOME: '/data', COUNTERSIGN_BACKUPS: '/dat' }, []],
    [{ ...safe, COUNTERSIGN_METRICS_PORT: '9090' }, []],
    [{ ...safe, COUNTERSIGN_METRICS_PORT: '9090', COUNTERSIGN_HOST: '0.0.0.0' }, ['COUNTERSIGN_METRICS_PORT']],
    [{ ...safe, COUNTERSIGN_APPROVE_PORT: '8081' }, ['COUNTERSIGN_APPROVE_URL']],
    [{ ...safe, COUNTERSIGN_APPROVE_PORT: '8081', COUNTERSIGN_APPROVE_URL: 'https://approve.example.org' }, []],
    [{ ...safe, COUNTERSIGN_APPROVE_URL: 'http://approve.example.org' }, ['COUNTERSIGN_APPROVE_URL']],
    [{ ...safe, COUNTERSIGN_APPROVE_URL: 'https://id.example.org' }, ['COUNTERSIGN_APPROVE_URL']],
    [{ ...safe, COUNTERSIGN_APPROVE_URL: 'https://id.example.org:8081' }, []],
    [{ ...safe, COUNTERSIGN_CHECKPOINTS: 'http://witness.example' }, ['COUNTERSIGN_CHECKPOINTS']],
  ] as [Environment, string[]][])('%j', (environment, names) => {
    expect(unsafe(settingsOf(environment)).map(({ name }) => name)).toEqual(names)
  })
})

describe('documentation', () => {
  test('docs/operate/settings.md holds the table made from the shape', () => {
    const page = readFileSync(new URL('../../../docs/operate/settings.md', import.meta.url), 'utf8')
    expect(page).toContain(`\n${settingsTable()}\n`)
  })

  test('names are unique and each has a sentence and a default', () => {
    const all = Object.values(shape)
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length)
    for (const one of all) {
      expect(one.sentence).toMatch(/^[A-Z`].*\.$/)
      expect(one.default).not.toBe('')
    }
  })
})
