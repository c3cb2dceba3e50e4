import { statSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { first, type Unit } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import { PREPARED_STATEMENTS } from '#storage/engine-limits.ts'
import { fragment, joined, sql } from '#storage/sql.ts'
import { Connection } from '#storage/sqlite/connection.ts'
import { openDatabase, openReader, openWriter, sqliteModule } from '#storage/sqlite/open-database.ts'
import { SqliteStore } from '#storage/sqlite/store.ts'
import { freshFile, sqlite } from '../fresh-store.ts'
import { describeStore } from './describe-store.ts'

describeStore('the store on SQLite', () => sqlite.open([]))

function* count(): Unit<number | undefined> {
  return (yield* first(sql<{ n: number }>`select count(*) as n from t`))?.n
}
function* add(): Unit<void> {
  yield* first(sql`insert into t (a) values (${1})`)
}

async function withStore(options: object, work: (store: SqliteStore, path: string) => Promise<void>) {
  const { path, remove } = freshFile()
  const store = new SqliteStore(path, options)
  await store.write(1, () => first(sql`create table t (a integer)`))
  await work(store, path)
  await store.close()
  remove()
}

describe('reads of one turn', () => {
  test('are answered each for itself: what breaks one does not touch its neighbours', () =>
    withStore({}, async store => {
      await store.write(1, add)
      const endings = await Promise.allSettled([
        store.read(1, count),
        store.read(1, function* (): Unit<void> {
          yield* count()
          throw new Refusal('not_found')
        }),
        store.read(1, () => first(sql`select nothing from nowhere`)),
        store.read(1, add),
        store.read(1, count),
      ])
      expect(endings.map(one => ('value' in one ? one.value : (one.reason as Error).constructor.name))).toEqual([
        1,
        'Refusal',
        'Fault',
        'Fault',
        1,
      ])
      expect(await store.read(1, count)).toBe(1)
    }))

  test('however many: a full group is read before its turn', () =>
    withStore({}, async store => {
      const seen = await Promise.all(Array.from({ length: 1000 }, () => store.read(1, count)))
      expect(seen).toEqual(Array(1000).fill(0))
    }))

  test('see what is committed, and nothing of what is written in the same turn', () =>
    withStore({}, async store => {
      const [before, , again] = await Promise.all([store.read(1, count), store.write(1, add), store.read(1, count)])
      expect([before, again]).toEqual([0, 0])
      expect(await store.read(1, count)).toBe(1)
    }))

  test('are answered before the store is closed', async () => {
    const { path, remove } = freshFile()
    const store = new SqliteStore(path)
    await store.write(1, () => first(sql`create table t (a integer)`))
    const seen = Promise.all([store.read(1, count), store.read(1, count)])
    await store.close()
    expect(await seen).toEqual([0, 0])
    remove()
  })
})

describe('the queue of writers', () => {
  test('is bounded: the unit that finds it full is refused and consumes nothing', () =>
    withStore({ waitingUnits: 4 }, async store => {
      const endings = await Promise.allSettled(Array.from({ length: 10 }, () => store.write(1, add)))
      const refused = endings.flatMap(ending => (ending.status === 'rejected' ? [ending.reason as Refusal] : []))
      expect(refused.map(refusal => refusal.code)).toEqual(Array(6).fill('temporarily_unavailable'))
      expect(await store.read(1, count)).toBe(4)
      await store.write(1, add)
    }))

  test('runs units in the order they came, each after the others', () =>
    withStore({}, async store => {
      const order: number[] = []
      await Promise.all(
        Array.from({ length: 600 }, async (_, n) => {
          expect(
            await store.write(1, function* () {
              yield* add()
              return yield* count()
            }),
          ).toBe(n + 1)
          order.push(n)
        }),
      )
      expect(order).toEqual(Array.from({ length: 600 }, (_, n) => n))
    }))

  test('is drained by close; afterwards everything is refused', async () => {
    const { path, remove } = freshFile()
    const store = new SqliteStore(path)
    const made = store.write(1, () => first(sql`create table t (a integer)`))
    const added = Array.from({ length: 300 }, () => store.write(1, add))
    await store.close()
    await made
    await Promise.all(added)
    await expect(store.write(1, add)).rejects.toBeInstanceOf(Refusal)
    await expect(store.read(1, count)).rejects.toBeInstanceOf(Refusal)
    const reopened = new SqliteStore(path)
    expect(await reopened.read(1, count)).toBe(300)
    await reopened.close()
    remove()
  })

  test('leaves nothing in the log when it is closed, so that the file alone is the store', async () => {
    const { path, remove } = freshFile()
    const store = new SqliteStore(path)
    await store.write(1, () => first(sql`create table t (a integer)`))
    await store.write(1, add)
    await store.close()
    const log = statSync(`${path}-wal`, { throwIfNoEntry: false })
    expect(log?.size ?? 0).toBe(0)
    remove()
  })

  test('refuses without harm while somebody else writes, and goes on afterwards', () =>
    withStore({}, async (store, path) => {
      const other = openDatabase(path)
      other.exec('begin immediate')
      await expect(store.write(1, add)).rejects.toMatchObject({ code: 'temporarily_unavailable' })
      other.exec('rollback')
      other.close()
      await store.write(1, add)
      expect(await store.read(1, count)).toBe(1)
    }))

  test('pauses for a checkpoint when the write-ahead log has outgrown its bound, and loses nothing', () =>
    withStore({ largestLog_bytes: 64 * 1024 }, async store => {
      const until = performance.now() + 2500
      let written = 0
      while (performance.now() < until) {
        await Promise.all(Array.from({ length: 50 }, () => store.write(1, add)))
        written += 50
      }
      expect(await store.read(1, count)).toBe(written)
    }))
})

describe('connections', () => {
  test('the writer answers after the disk, the reader cannot write, only the owner may read the files', () => {
    const { path, remove } = freshFile()
    const writer = openWriter(path)
    const reader = openReader(path)
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(writer.prepare('pragma synchronous').get()).toMatchObject({ synchronous: 2 })
    expect(writer.prepare('pragma journal_mode').get()).toMatchObject({ journal_mode: 'wal' })
    expect(writer.prepare('pragma foreign_keys').get()).toMatchObject({ foreign_keys: 1 })
    expect(() => reader.exec('create table t (a)')).toThrow()
    reader.close()
    writer.close()
    remove()
  })

  test('the built-in SQLite is used only where it is new enough', () => {
    expect(sqliteModule('3.51.3')).toBe('node:sqlite')
    expect(sqliteModule('3.53.0')).toBe('node:sqlite')
    expect(sqliteModule('4.0.0')).toBe('node:sqlite')
    expect(sqliteModule('3.51.2')).toMatch(/photostructure/)
    expect(sqliteModule('3.9.9')).toMatch(/photostructure/)
  })

  test('endless variants of a filter do not grow what is kept prepared', () => {
    const { path, remove } = freshFile()
    const connection = new Connection(openWriter(path))
    const pieces = [fragment`+ ${1}`, fragment`- ${1}`]
    for (let n = 0; n < 3000; n++) {
      const variant = [...n.toString(2)].map(bit => pieces[Number(bit)]!)
      connection.rows(joined(fragment`select 1`, ...variant))
    }
    expect(connection.preparedCount).toBeLessThanOrEqual(PREPARED_STATEMENTS)
    connection.database.close()
    remove()
  })

  test('a statement that breaks is named by its query and is a Fault', () => {
    const { path, remove } = freshFile()
    const connection = new Connection(openWriter(path))
    const query = sql`select * from nowhere where secret = ${'hunter2'}`
    expect(() => connection.rows(query)).toThrow(Fault)
    expect(() => connection.rows(query)).toThrow(query.name)
    expect(() => connection.rows(query)).not.toThrow('hunter2')
    connection.database.close()
    remove()
  })
})
