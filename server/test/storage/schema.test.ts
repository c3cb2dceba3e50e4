import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { first, rowsOf } from '#domain/ports/store.ts'
import { backupPostgres, backupSqlite } from '#storage/backup.ts'
import { StoreUnusable } from '#storage/engine-unusable.ts'
import { takeLease } from '#storage/lease.ts'
import { migratePostgres, migrateSqlite } from '#storage/migrate.ts'
import { BINARY, migrations } from '#storage/migrations/list.ts'
import type { Migration } from '#storage/migrations/migration.ts'
import { PostgresStore } from '#storage/postgres/store.ts'
import type { EpochStep } from '#storage/raise-epoch.ts'
import { restorePostgres, restoreSqlite } from '#storage/restore.ts'
import { sql } from '#storage/sql.ts'
import { sqliteModule } from '#storage/sqlite/open-database.ts'
import { SqliteStore } from '#storage/sqlite/store.ts'
import { engines, freshDatabase, freshFile, postgres } from '../fresh-store.ts'

const step = (version: number, texts: readonly string[], min_binary = 1): Migration => ({
  version,
  name: `step ${version}`,
  min_binary,
  statements: () => texts,
})
const one = step(1, ['create table a (x bigint)', 'insert into a (x) values (1)'])
const two = step(2, ['create table b (x bigint)'])
const broken = step(2, ['create table b (x bigint)', 'create table b (x bigint)'])
const newer = step(3, ['create table c (x bigint)'], 5)
const meta = step(1, [
  'create table store_meta (name text primary key, value text not null)',
  'create table token (id bigint)',
])
const now_ms = 1_770_000_000_000
const with_ = (steps: readonly Migration[], binary = 1) => ({ migrations: steps, binary, now_ms })

const places = [
  {
    name: 'SQLite',
    absent: false,
    async open() {
      const { path, remove } = freshFile()
      const migrate = async (options: Parameters<typeof migrateSqlite>[1]) => migrateSqlite(path, options)
      return { address: path, remove: async () => remove(), migrate, store: () => new SqliteStore(path) }
    },
  },
  {
    name: 'PostgreSQL',
    absent: postgres.absent,
    async open() {
      const { url, remove } = await freshDatabase()
      const migrate = (options: Parameters<typeof migrateSqlite>[1]) => migratePostgres(url, options)
      return { address: url, remove, migrate, store: () => new PostgresStore(url) }
    },
  },
]

for (const place of places) {
  describe.skipIf(place.absent)(`migrations on ${place.name}`, () => {
    test('each step is taken once, in its order, and written down', async () => {
      const { migrate, store, remove } = await place.open()
      expect(await migrate(with_([one]))).toEqual(['step 1'])
      expect(await migrate(with_([one, two]))).toEqual(['step 2'])
      expect(await migrate(with_([one, two]))).toEqual([])
      const opened = store()
      const rows = await opened.read(1, () =>
        rowsOf(sql`select version, name, applied_at, min_binary from schema_migration order by version`),
      )
      expect(rows.map(row => ({ ...(row as object) }))).toEqual([
        { version: 1, name: 'step 1', applied_at: now_ms, min_binary: 1 },
        { version: 2, name: 'step 2', applied_at: now_ms, min_binary: 1 },
      ])
      await opened.close()
      await remove()
    })

    test('a step that fails leaves nothing behind and can be taken again', async () => {
      const { migrate, remove } = await place.open()
      await migrate(with_([one]))
      await expect(migrate(with_([one, broken]))).rejects.toThrow()
      expect(await migrate(with_([one, two]))).toEqual(['step 2'])
      await remove()
    })

    test('one release back runs on a newer schema, an older one refuses and says what to do', async () => {
      const { migrate, remove } = await place.open()
      await migrate(with_([one, two, newer], 5))
      expect(await migrate(with_([one, two], 5))).toEqual([])
      await expect(migrate(with_([one, two], 4))).rejects.toThrow(
        /needs release 5 or newer; this is release 4.*Start a newer/,
      )
      await expect(migrate(with_([{ ...one, name: 'other' }], 5))).rejects.toBeInstanceOf(StoreUnusable)
      await remove()
    })
  })
}

describe.skipIf(postgres.absent)('two servers', () => {
  test('that start at once on one PostgreSQL take each step once', async () => {
    const { url, remove } = await freshDatabase()
    const both = await Promise.all([1, 2, 3].map(() => migratePostgres(url, with_([one, two]))))
    expect(both.flat().sort()).toEqual(['step 1', 'step 2'])
    await remove()
  })
})

for (const engine of engines) {
  test.skipIf(engine.absent)(`the product's own schema stands on ${engine.name}`, async () => {
    const { store, close } = await engine.open()
    const rows = await store.read(1, () => rowsOf(sql`select version from schema_migration`))
    expect(rows).toHaveLength(migrations.length)
    expect(BINARY).toBeGreaterThanOrEqual(Math.max(...migrations.map(({ min_binary }) => min_binary)))
    await close()
  })
}

describe('the lease', () => {
  const holder = `
    const { DatabaseSync } = require(process.argv[1])
    new DatabaseSync(process.argv[2]).exec('pragma locking_mode = exclusive; begin exclusive')`

  test('is held by one only, tells by whom, and can be taken after its release', () => {
    const { path, remove } = freshFile()
    const home = join(dirname(path), 'home')
    const lease = takeLease(home)
    expect(() => takeLease(home)).toThrow(`(process ${process.pid}). Stop that server first`)
    lease.release()
    takeLease(home).release()
    remove()
  })

  test('of another process is seen, and gone when that process is killed', async () => {
    const { path, remove } = freshFile()
    const home = dirname(path)
    const hold = `${holder}; process.stdout.write('held'); setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['-e', hold, sqliteModule(), join(home, 'lease.db')])
    await new Promise(resolve => child.stdout.once('data', resolve))
    expect(() => takeLease(home)).toThrow(StoreUnusable)
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('exit', resolve))
    takeLease(home).release()
    remove()
  })
})

const forgetTokens: EpochStep = {
  name: 'forget tokens',
  *unit(epoch) {
    const gone = yield* rowsOf(
      sql`delete from token where id in (select id from token order by id limit ${2}) returning id`,
    )
    return { more: gone.length > 0, lines: gone.length > 0 ? [] : [`epoch ${epoch}: no token is left`] }
  },
}
const options = { ...with_([meta]), steps: [forgetTokens] }

async function fill(store: SqliteStore | PostgresStore) {
  await store.write(1, function* () {
    for (let id = 0; id < 5; id++) yield* first(sql`insert into token (id) values (${id})`)
  })
}
async function look(store: SqliteStore | PostgresStore) {
  const seen = await store.read(1, function* () {
    const epoch = yield* first(sql<{ value: string }>`select value from store_meta where name = 'epoch'`)
    const tokens = yield* rowsOf(sql`select id from token`)
    return [epoch?.value, tokens.length]
  })
  await store.close()
  return seen
}

describe('backup and restore on SQLite', () => {
  test('O7: a copy made while the store serves comes back as a new epoch, the old store is kept aside', async () => {
    const { path, remove } = freshFile()
    migrateSqlite(path, options)
    const store = new SqliteStore(path)
    await fill(store)
    const copy = `${path}.backup`
    const [, ...late] = await Promise.all([
      backupSqlite(path, copy),
      ...Array.from({ length: 50 }, (_, n) =>
        store.write(1, () => first(sql`insert into token (id) values (${100 + n})`)),
      ),
    ])
    expect(late).toHaveLength(50)
    await store.close()
    expect(statSync(copy).mode & 0o777).toBe(0o600)
    await expect(backupSqlite(path, copy)).rejects.toBeInstanceOf(StoreUnusable)

    const lease = takeLease(dirname(path))
    expect(await restoreSqlite(copy, path, lease, options)).toEqual({ epoch: 2, lines: ['epoch 2: no token is left'] })
    expect((await restoreSqlite(copy, path, lease, { ...options, now_ms: now_ms + 1 })).epoch).toBe(2)
    lease.release()
    expect(await look(new SqliteStore(path))).toEqual(['2', 0])
    expect(await look(new SqliteStore(`${path}.before-restore-${now_ms}`))).toEqual([undefined, 55])
    remove()
  })

  test('a step that fails leaves the old store in its place', async () => {
    const { path, remove } = freshFile()
    migrateSqlite(path, options)
    await backupSqlite(path, `${path}.backup`)
    const store = new SqliteStore(path)
    await fill(store)
    await store.close()
    const failing: EpochStep = {
      name: 'failing',
      // biome-ignore lint/correctness/useYield: it fails before it asks anything.
      *unit() {
        throw new Error('no')
      },
    }
    const lease = takeLease(dirname(path))
    await expect(restoreSqlite(`${path}.backup`, path, lease, { ...options, steps: [failing] })).rejects.toThrow('no')
    lease.release()
    expect(await look(new SqliteStore(path))).toEqual([undefined, 5])
    remove()
  })

  test('what is no whole backup is refused and nothing is changed', async () => {
    const { path, remove } = freshFile()
    migrateSqlite(path, options)
    const copy = `${path}.backup`
    await backupSqlite(path, copy)
    const before = readFileSync(path)
    const lease = takeLease(dirname(path))
    writeFileSync(`${path}.cut`, readFileSync(copy).subarray(0, 5000))
    writeFileSync(`${path}.text`, 'not a database')
    writeFileSync(`${path}.empty`, '')
    for (const bad of ['cut', 'text', 'empty']) {
      await expect(restoreSqlite(`${path}.${bad}`, path, lease, options)).rejects.toBeInstanceOf(StoreUnusable)
    }
    lease.release()
    expect(readFileSync(path).equals(before)).toBe(true)
    await expect(backupSqlite(`${path}.absent`, `${path}.other`)).rejects.toBeInstanceOf(StoreUnusable)
    remove()
  })
})

describe.skipIf(postgres.absent)('backup and restore on PostgreSQL', () => {
  test('O7: a dump comes back into an empty database only, as a new epoch', async () => {
    const { path, remove } = freshFile()
    const [from, to] = [await freshDatabase(), await freshDatabase()]
    await migratePostgres(from.url, options)
    const store = new PostgresStore(from.url)
    await fill(store)
    await store.close()
    await backupPostgres(from.url, path)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(await restorePostgres(path, to.url, options)).toEqual({ epoch: 2, lines: ['epoch 2: no token is left'] })
    expect(await look(new PostgresStore(to.url))).toEqual(['2', 0])
    expect(await migratePostgres(to.url, options)).toEqual([])
    await expect(restorePostgres(path, to.url, options)).rejects.toThrow('not empty')
    await Promise.all([from.remove(), to.remove()])
    remove()
  })

  test('a restore that was not finished is refused by every server', async () => {
    const { path, remove } = freshFile()
    const { url, remove: removeDatabase } = await freshDatabase()
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, 'not a dump')
    await expect(restorePostgres(path, url, options)).rejects.toBeInstanceOf(StoreUnusable)
    await expect(migratePostgres(url, options)).rejects.toThrow('has not been finished')
    await removeDatabase()
    remove()
  })
})
