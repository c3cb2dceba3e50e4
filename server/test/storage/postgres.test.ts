import pg from 'pg'
import { describe, expect, test } from 'vitest'
import { first, rowsOf, type Unit } from '#domain/ports/store.ts'
import { PREPARED_STATEMENTS } from '#storage/engine-limits.ts'
import { Rendering } from '#storage/postgres/flush.ts'
import { LoneReads } from '#storage/postgres/lone-reads.ts'
import { PostgresStore } from '#storage/postgres/store.ts'
import { fragment, joined, sql } from '#storage/sql.ts'
import { freshDatabase, postgres } from '../fresh-store.ts'
import { describeStore } from './describe-store.ts'

function* count(): Unit<number | undefined> {
  return (yield* first(sql<{ n: number }>`select count(*) as n from t`))?.n
}
function* add(): Unit<void> {
  yield* first(sql`insert into t (a) values (${1})`)
}
const raise = (state: string) => ({
  name: `raise_${state}`,
  text: `do $$ begin raise exception using errcode = '${state}'; end $$`,
  values: [],
})

async function withStore(options: object, work: (store: PostgresStore, url: string) => Promise<void>) {
  const { url, remove } = await freshDatabase()
  const store = new PostgresStore(url, options)
  await store.write(1, () => first(sql`create table t (a bigint)`))
  await work(store, url)
  await store.close()
  await remove()
}

async function outside(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return client.query(text).finally(() => client.end())
}

describe.skipIf(postgres.absent)('PostgreSQL', () => {
  describeStore('the store', () => postgres.open([]))

  test.each(['40001', '40P01', '26000', '0A000'])('a unit that meets %s is run again from the start', state =>
    withStore({}, async store => {
      let runs = 0
      const unit = function* () {
        runs += 1
        yield* add()
        if (runs <= 3) yield* first(raise(state))
        return runs
      }
      expect(await store.write(1, unit)).toBe(4)
      expect(await store.read(1, count)).toBe(1)
    }),
  )

  test('after three reruns it gives up', () =>
    withStore({}, async store => {
      let runs = 0
      const endless = function* () {
        runs += 1
        yield* first(raise('40001'))
      }
      await expect(store.write(1, endless)).rejects.toThrow('40001')
      expect(runs).toBe(4)
    }))

  test('an unknown commit is told as such and never repeated', () =>
    withStore({}, async (store, url) => {
      await outside(
        url,
        `create function die() returns trigger language plpgsql as $$ begin perform pg_terminate_backend(pg_backend_pid()); return null; end $$;
         create constraint trigger dies after insert on t deferrable initially deferred for each row execute function die()`,
      )
      let runs = 0
      const unit = function* () {
        runs += 1
        yield* add()
      }
      await expect(store.write(1, unit)).rejects.toMatchObject({ code: 'outcome_unknown' })
      expect(runs).toBe(1)
      expect(await store.read(1, count)).toBe(0)
    }))

  test('a connection that is lost before the commit leaves nothing behind, and the pool recovers', () =>
    withStore({ connections: 1 }, async store => {
      const unit = function* () {
        yield* add()
        yield* first(sql`select pg_terminate_backend(pg_backend_pid())`)
      }
      await expect(store.write(1, unit)).rejects.toMatchObject({ code: 'temporarily_unavailable' })
      expect(await store.read(1, count)).toBe(0)
    }))

  test('a unit that waits too long for a row is told to come back', () =>
    withStore({ lockTimeout_ms: 50 }, async (store, url) => {
      await store.write(1, add)
      const holder = new pg.Client({ connectionString: url })
      await holder.connect()
      await holder.query('begin; update t set a = 2')
      await expect(store.write(1, () => first(sql`update t set a = ${3}`))).rejects.toMatchObject({
        code: 'temporarily_unavailable',
      })
      await holder.end()
    }))

  test('units beyond pool and queue are refused before anything was done', () =>
    withStore({ connections: 2, waitingUnits: 3 }, async store => {
      await Promise.all([store.read(1, count), store.read(1, count)])
      const endings = await Promise.allSettled(Array.from({ length: 20 }, () => store.write(1, add)))
      const done = endings.filter(ending => ending.status === 'fulfilled').length
      expect(done).toBeGreaterThanOrEqual(2)
      expect(done).toBeLessThan(20)
      expect(await store.read(1, count)).toBe(done)
    }))

  test('where no server answers, callers are told to come back', async () => {
    const store = new PostgresStore('postgres://nobody:nothing@127.0.0.1:1/none')
    await expect(store.read(1, count)).rejects.toMatchObject({ code: 'temporarily_unavailable' })
    await store.close()
  })

  test('a change of the schema under prepared statements is survived', () =>
    withStore({ connections: 1 }, async (store, url) => {
      const all = () => rowsOf(sql<{ a: number | string }>`select a from t`)
      await store.write(1, add)
      await store.read(1, all)
      await outside(url, 'alter table t alter column a type text')
      expect(await store.read(1, all)).toEqual([{ a: '1' }])
    }))

  describe('reads of one statement', () => {
    const backend = () => first(sql<{ pid: number }>`select pg_backend_pid() as "pid"`)
    const begun = sql<{ at: string }>`select now()::text as "at"`

    test('those of one turn travel together, sixteen on a connection', () =>
      withStore({}, async store => {
        const rows = await Promise.all(Array.from({ length: 40 }, () => store.read(1, backend)))
        expect(new Set(rows.map(row => row?.pid)).size).toBe(3)
      }))

    test('one that fails touches no neighbour', () =>
      withStore({ connections: 1 }, async store => {
        const divided = (by: number) => () => first(sql<{ n: number }>`select 6 / ${by}::bigint as "n"`)
        const ends = await Promise.allSettled([3, 0, 2].map(by => store.read(1, divided(by))))
        expect(ends).toMatchObject([{ value: { n: 2 } }, { reason: { message: /22012/ } }, { value: { n: 3 } }])
      }))

    test('one that goes on is run again, all of it in one snapshot', () =>
      withStore({}, async store => {
        const both = function* () {
          return [(yield* first(begun))?.at, (yield* first(begun))?.at]
        }
        for (let times = 0; times < 2; times++) {
          const [one, other] = await store.read(1, both)
          expect(one).toBe(other)
        }
      }))

    test('what locks rows, writes, or may be slow goes by itself', () => {
      const reads = new LoneReads(() => Promise.reject(new Error('not asked')), new Rendering())
      expect(reads.takes(sql`select 1`)).toBe(true)
      expect(reads.takes(sql`select a from t where a = ${1} /* for update */`)).toBe(false)
      expect(reads.takes(sql`with gone as (delete from t returning a) select a from gone`)).toBe(false)
      expect(reads.takes(joined(fragment`select 1`, fragment`+ ${1}`))).toBe(false)
    })

    test('a write that is sent as a read is refused', () =>
      withStore({}, async store => {
        await expect(store.read(1, add)).rejects.toThrow(/25006/)
        expect(await store.read(1, count)).toBe(0)
      }))
  })

  test('endless variants of a filter do not grow what is kept prepared', () =>
    withStore({ connections: 1 }, async store => {
      const pieces = [fragment`+ ${1}`, fragment`- ${1}`]
      for (let n = 0; n < 700; n++) {
        const variant = [...n.toString(2)].map(bit => pieces[Number(bit)]!)
        await store.read(1, () => first(joined(fragment`select 1`, ...variant)))
      }
      const row = await store.read(1, () => first(sql<{ n: number }>`select count(*) as n from pg_prepared_statements`))
      expect(row!.n).toBeLessThanOrEqual(PREPARED_STATEMENTS + 5)
    }))

  test('no value of a row stands in the message of a failure', () =>
    withStore({}, async store => {
      await store.write(1, () => first(sql`create unique index once on t (a)`))
      await store.write(1, () => first(sql`insert into t (a) values (${86753})`))
      const again = store.write(1, () => first(sql`insert into t (a) values (${86753})`))
      await expect(again).rejects.toThrow(/23505 once t/)
      await expect(store.write(1, () => first(sql`insert into t (a) values (${'hunter2'})`))).rejects.toSatisfy(
        error => !`${error}${JSON.stringify(error)}${(error as Error).cause}`.includes('hunter2'),
      )
    }))
})
