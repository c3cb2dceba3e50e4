/**
 * What survives a power cut. The disk is simulated at the seam where the log is made durable: what was synced is on the platter, of what was
 * written since any sector of 512 bytes may be there or not. Each image that a cut leaves behind is opened by SQLite as after a new start.
 * The log's header is taken as it is: SQLite syncs it itself before it writes the first page behind it.
 */
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { first, type Unit } from '#domain/ports/store.ts'
import { sql, touched } from '#storage/sql.ts'
import { type DurableLog, LogSync } from '#storage/sqlite/log-sync.ts'
import { openDatabase } from '#storage/sqlite/open-database.ts'
import { SqliteStore } from '#storage/sqlite/store.ts'
import { freshFile } from '../fresh-store.ts'

const SECTOR = 512
const HEADER = 32

/** The real sync on a slow disk, and what stands on its platter. */
class Platter implements DurableLog {
  readonly #file: string
  readonly #sync: LogSync
  readonly #lies: boolean
  durable: Buffer = Buffer.alloc(0)

  constructor(path: string, lies: boolean) {
    this.#file = `${path}-wal`
    this.#sync = new LogSync(path)
    this.#lies = lies
  }

  async run(): Promise<void> {
    const written = readFileSync(this.#file)
    if (this.#lies) return
    await pause(Math.random() * 4)
    await this.#sync.run()
    this.durable = written
  }

  close = () => this.#sync.close()

  /** What the log may look like after a cut. */
  afterCut(): Buffer {
    const written = readFileSync(this.#file)
    const left = Buffer.from(written)
    for (let at = 0; at < written.length; at += SECTOR) {
      const from = at === 0 ? HEADER : at
      if (Math.random() < 0.5) continue
      const to = Math.min(at + SECTOR, written.length)
      left.fill(0, from, to)
      if (from < this.durable.length) this.durable.copy(left, from, from, to)
    }
    return left
  }
}

/** Two rows by one unit: both or none. */
function* pair(n: number): Unit<void> {
  yield* first(touched(sql`insert into t (a, half) values (${n}, 1)`))
  yield* first(touched(sql`insert into t (a, half) values (${n}, 2)`))
}
function* newest(): Unit<number> {
  return (yield* first(sql<{ n: number }>`select coalesce(max(a), 0) as n from t`))?.n ?? 0
}

interface Cut {
  readonly damaged: boolean
  readonly halves: number
  /** Units that were answered, and rows that were read, and are not there. */
  readonly lost: readonly number[]
}

async function cuts(rounds: number, lies: boolean): Promise<Cut[]> {
  const { path, remove } = freshFile()
  let platter!: Platter
  const log = (file: string) => {
    platter = new Platter(file, lies)
    return platter
  }
  const store = new SqliteStore(path, { log, largestLog_bytes: 128 * 1024 })
  await store.write(1, () =>
    first(sql`create table t (a integer not null, half integer not null, primary key (a, half))`),
  )
  const told: number[] = []
  let next = 1
  let stopped = false
  const writer = async () => {
    while (!stopped) {
      const n = next++
      await store.write(1, () => pair(n))
      told.push(n)
    }
  }
  const reader = async () => {
    while (!stopped) {
      const n = await store.read(1, newest)
      if (n > 0) told.push(n)
      await pause(0)
    }
  }
  const work = [...Array.from({ length: 8 }, writer), reader(), reader()]
  const found: Cut[] = []
  for (let round = 0; round < rounds; round++) {
    await pause(5 + Math.random() * 60)
    // One turn: nothing of ours happens between what was told and what is left.
    const image = freshFile()
    copyFileSync(path, image.path)
    writeFileSync(`${image.path}-wal`, platter.afterCut())
    found.push(opened(image.path, new Set(told)))
    image.remove()
  }
  stopped = true
  await Promise.all(work)
  await store.close()
  remove()
  return found
}

function opened(path: string, told: ReadonlySet<number>): Cut {
  const database = openDatabase(path)
  try {
    const { integrity_check: verdict } = database.prepare('pragma integrity_check(1)').get() as {
      integrity_check: string
    }
    const rows = database.prepare('select a, count(*) as halves from t group by a').all() as {
      a: number
      halves: number
    }[]
    const there = new Set(rows.map(({ a }) => a))
    return {
      damaged: verdict !== 'ok',
      halves: rows.filter(({ halves }) => halves !== 2).length,
      lost: [...told].filter(n => !there.has(n)),
    }
  } catch {
    return { damaged: true, halves: 0, lost: [...told] }
  } finally {
    database.close()
  }
}

test('nothing that was answered or read is lost, nothing is there by half, and the log may be torn anywhere', async () => {
  for (const cut of await cuts(60, false)) expect(cut).toEqual({ damaged: false, halves: 0, lost: [] })
})

test('a disk that lies is seen by this simulation', async () => {
  const found = await cuts(20, true)
  expect(found.some(({ damaged, lost }) => damaged || lost.length > 0)).toBe(true)
})

test('a sync that failed is not tried again: the outcome is unknown, and from then on everything is refused', async () => {
  const { path, remove } = freshFile()
  let works = true
  const log = (file: string): DurableLog => {
    const sync = new LogSync(file)
    return { run: () => (works ? sync.run() : Promise.reject(new Error('EIO'))), close: () => sync.close() }
  }
  const store = new SqliteStore(path, { log })
  await store.write(1, () => first(sql`create table t (a integer, half integer)`))
  works = false
  const [one, two, seen] = await Promise.allSettled([
    store.write(1, () => pair(1)),
    store.write(1, () => pair(2)),
    pause(0).then(() => store.read(1, newest)),
  ])
  const codes = [one, two].map(ending => ending?.status === 'rejected' && ending.reason.code)
  expect(codes).toEqual(['outcome_unknown', 'outcome_unknown'])
  expect(seen?.status === 'fulfilled' ? seen.value : 'refused').not.toBe(2)
  works = true
  await expect(store.write(1, () => pair(3))).rejects.toMatchObject({ code: 'temporarily_unavailable' })
  await expect(store.read(1, newest)).rejects.toMatchObject({ code: 'temporarily_unavailable' })
  await store.close()
  expect(existsSync(path)).toBe(true)
  remove()
})
