import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Fault } from '#domain/refusal.ts'
import { SystemClock } from '#jobs/clock.ts'
import { SystemRandom } from '#jobs/system-random.ts'
import { MasterKey } from '#keys/master-key.ts'
import { openMasterKey } from '#keys/master-key-check.ts'
import { findMasterKeyBytes, type MasterKeySource } from '#keys/master-key-source.ts'
import { keyQueries as rows } from '#storage/keys.ts'
import { keys as migration } from '#storage/migrations/0003-keys.ts'
import { openWriter } from '#storage/sqlite/open-database.ts'
import { SqliteStore } from '#storage/sqlite/store.ts'

const random = new SystemRandom()
const clock = new SystemClock()
const hex = 'b3'.repeat(32)
const bytes = Buffer.from(hex, 'hex')
const given = (text: string): MasterKeySource => ({ from: 'environment', text: { reveal: () => text } })

let folder: string
let store: SqliteStore
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'master-'))
  const writer = openWriter(join(folder, 'countersign.db'))
  const types = { int: 'integer', blob: 'blob', text: 'text', clustered: 'without rowid' }
  for (const statement of migration.statements(types)) writer.exec(statement)
  writer.close()
  store = new SqliteStore(join(folder, 'countersign.db'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})
const open = (source: MasterKeySource) => openMasterKey({ source, store, rows, random, clock })
const file = (): { from: 'file'; path: string } => ({ from: 'file', path: join(folder, 'master.key') })

describe('wrapping', () => {
  const master = () => new MasterKey(Uint8Array.from(bytes), random)

  test('a wrapped key opens at its place only', () => {
    const wrapped = master().wrap(['tenant_key', 7, 1], Buffer.from('key'))
    expect(Buffer.from(master().unwrap(['tenant_key', 7, 1], wrapped)).toString()).toBe('key')
    for (const place of [
      ['tenant_key', 71, ''],
      ['tenant_key', 7, 2],
      ['handle_key', 7, 1],
      ['tenant_key', 7],
    ] as const) {
      expect(() => master().unwrap(place, wrapped)).toThrow(Fault)
    }
    for (let at = 0; at < wrapped.length; at++) {
      const changed = Uint8Array.from(wrapped)
      changed[at] = (changed[at] ?? 0) ^ 0x80
      expect(master().find(['tenant_key', 7, 1], changed)).toBeUndefined()
      expect(master().find(['tenant_key', 7, 1], wrapped.subarray(0, at))).toBeUndefined()
    }
  })

  test('H1: nothing prints the key, and the bytes handed in are wiped', () => {
    const mine = Uint8Array.from(bytes)
    const key = new MasterKey(mine, random)
    expect(mine.every(byte => byte === 0)).toBe(true)
    expect(inspect(key, { showHidden: true, depth: 9 }) + JSON.stringify(key)).not.toMatch(/b3b3|179,179|s7Oz/)
    expect(() => new MasterKey(new Uint8Array(16), random)).toThrow(Fault)
  })
})

describe('sources', () => {
  test.each([hex, hex.toUpperCase(), ` ${hex}\n`, bytes.toString('base64'), bytes.toString('base64url')])(
    'the text %j',
    async text => {
      expect(await findMasterKeyBytes(given(text))).toEqual(Uint8Array.from(bytes))
    },
  )

  test.each(['', 'secret', hex.slice(2), `${hex}00`, `${'b'.repeat(63)}g`])(
    'H1: %j is refused without showing it',
    async text => {
      const refused = findMasterKeyBytes(given(text))
      await expect(refused).rejects.toThrow(/64 hex digits or in base64: openssl rand -hex 32$/)
      await expect(refused).rejects.not.toThrow(/secret|b3b3|bbb/)
    },
  )

  test('a command is run without a shell', async () => {
    const command = (...words: string[]): MasterKeySource => ({ from: 'command', command: words })
    expect(await findMasterKeyBytes(command('printf', hex))).toEqual(Uint8Array.from(bytes))
    await expect(findMasterKeyBytes(command('echo', hex, '&&', 'true'))).rejects.toThrow(/holds no master key/)
    await expect(findMasterKeyBytes(command('false'))).rejects.toThrow(/ended with 1. Run it by hand/)
    await expect(findMasterKeyBytes(command(join(folder, 'absent')))).rejects.toThrow(/ended with ENOENT/)
    const leaky = findMasterKeyBytes(command('sh', '-c', `echo ${hex}; echo ${hex} >&2; exit 3`))
    await expect(leaky).rejects.toThrow(/ended with 3/)
    expect(inspect(await leaky.catch((error: unknown) => error), { depth: 9 })).not.toContain('b3b3b3')
  })

  test('a file must be the server’s alone', async () => {
    expect(await findMasterKeyBytes(file())).toBeUndefined()
    writeFileSync(file().path, `${hex}\n`, { mode: 0o600 })
    expect(await findMasterKeyBytes(file())).toEqual(Uint8Array.from(bytes))
    for (const mode of [0o640, 0o604, 0o620, 0o666]) {
      chmodSync(file().path, mode)
      await expect(findMasterKeyBytes(file())).rejects.toThrow(`Run: chmod 600 ${file().path}`)
    }
    await expect(findMasterKeyBytes({ from: 'file', path: folder })).rejects.toThrow(/is no file/)
    writeFileSync(join(folder, 'long'), 'a'.repeat(5000), { mode: 0o600 })
    await expect(findMasterKeyBytes({ from: 'file', path: join(folder, 'long') })).rejects.toThrow(/too long/)
  })
})

describe('the check at start', () => {
  test('a new store makes the file, mode 0600, and a restart reads it', async () => {
    const wrapped = (await open(file())).wrap(['x'], Buffer.from('y'))
    expect(statSync(file().path).mode & 0o777).toBe(0o600)
    expect(readFileSync(file().path, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/)
    expect(Buffer.from((await open(file())).unwrap(['x'], wrapped)).toString()).toBe('y')
  })

  test('another key is told at start', async () => {
    await open(given(hex))
    await expect(open(given('b4'.repeat(32)))).rejects.toThrow(
      /this is not the master key of this store: COUNTERSIGN_MASTER_KEY/,
    )
    await open(given(hex))
  })

  test('a lost file is told and not replaced', async () => {
    await open(file())
    rmSync(file().path)
    await expect(open(file())).rejects.toThrow(/the master key is missing: .*master\.key\. Put back/)
    expect(existsSync(file().path)).toBe(false)
  })

  test('of two that start on a new store with different keys, one is told', async () => {
    const starts = await Promise.allSettled([open(given(hex)), open(given('b4'.repeat(32)))])
    expect(starts.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })
})
