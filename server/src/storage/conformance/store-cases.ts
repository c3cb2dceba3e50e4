/**
 * What every engine of the store promises: units are atomic, kept apart, run again where they must be, bounded, and
 * readers see only what was committed. Each case gets a store without tables and makes its own.
 */
import assert from 'node:assert/strict'
import { first, rowsOf, type Store, together } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import type { Case } from '#storage/conformance/case.ts'
import { makeSlots, reserve, settle, TENANT, total } from '#storage/conformance/slots.ts'
import { sql } from '#storage/sql.ts'

const times = <T>(count: number, one: (n: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, n) => one(n)))

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => assert.fail('it should have failed'),
    error => error,
  )
}

export const storeCases: readonly Case<Store>[] = [
  {
    title: 'E1: of 200 parallel wrong guesses with limit 8, exactly 8 are evaluated',
    async check(store) {
      await makeSlots(store, 1)
      const guesses = await times(200, () => store.write(TENANT, () => reserve(0, 8)))
      assert.equal(guesses.filter(started => started !== undefined).length, 8)
    },
  },
  {
    title: 'of 200 parallel posts of one valid code, exactly 1 succeeds',
    async check(store) {
      await makeSlots(store, 1)
      const posts = await times(200, () => store.write(TENANT, () => settle(0, 4711)))
      assert.equal(posts.filter(Boolean).length, 1)
    },
  },
  {
    title: 'a throwing unit leaves its neighbours untouched and is rolled back itself',
    async check(store) {
      await makeSlots(store, 100)
      const thrown = new Fault('a bug')
      const endings = await Promise.allSettled(
        Array.from({ length: 100 }, (_, n) =>
          store.write(TENANT, function* () {
            yield* reserve(n, 8)
            if (n % 10 === 3) throw thrown
            return n
          }),
        ),
      )
      endings.forEach((ending, n) => {
        if (n % 10 === 3) assert.equal(ending.status === 'rejected' && ending.reason, thrown)
        else assert.equal(ending.status === 'fulfilled' && ending.value, n)
      })
      assert.equal(await total(store), 90)
    },
  },
  {
    title: 'a broken statement leaves its neighbours untouched, cannot be caught in its unit, and ends it as a Fault',
    async check(store) {
      await makeSlots(store, 20)
      const broken = store.write(TENANT, function* () {
        yield* reserve(5, 8)
        try {
          yield* first(sql`select nothing from nowhere`)
        } catch {
          return 'caught'
        }
        return 'unreachable'
      })
      const twice = store.write(TENANT, function* () {
        yield* reserve(6, 8)
        yield* first(sql`insert into slot (id, started, forgiven, used) values (${7}, ${0}, ${0}, ${null})`)
      })
      const neighbours = times(20, n => store.write(TENANT, () => reserve(n, 8)))
      assert.ok((await failure(broken)) instanceof Fault)
      assert.ok((await failure(twice)) instanceof Fault)
      assert.deepEqual(await neighbours, Array(20).fill(1))
      assert.equal(await total(store), 20)
    },
  },
  {
    title: 'a refusal that is returned commits',
    async check(store) {
      await makeSlots(store, 1)
      const answer = await store.write(TENANT, function* () {
        yield* reserve(0, 8)
        return new Refusal('invalid_grant')
      })
      assert.ok(answer instanceof Refusal)
      assert.equal(await total(store), 1)
    },
  },
  {
    title: 'a unit may hold 200 statements; one more is a Fault and nothing of it stays',
    async check(store) {
      await makeSlots(store, 1)
      const unitOf = (count: number) =>
        function* () {
          for (let n = 0; n < count; n++) yield* reserve(0, 1000)
        }
      await store.write(TENANT, unitOf(200))
      assert.ok((await failure(store.write(TENANT, unitOf(201)))) instanceof Fault)
      assert.ok((await failure(store.read(TENANT, unitOf(201)))) instanceof Error)
      assert.equal(await total(store), 200)
    },
  },
  {
    title: 'units that lock the same rows in opposite order both end right',
    async check(store) {
      await makeSlots(store, 2)
      const pair = (a: number, b: number) =>
        store.write(TENANT, function* () {
          yield* reserve(a, 1000)
          yield* reserve(b, 1000)
        })
      for (let round = 0; round < 5; round++) await Promise.all([pair(0, 1), pair(1, 0)])
      assert.equal(await total(store), 20)
    },
  },
  {
    title: 'a read sees one state throughout, never half a unit, and cannot write',
    async check(store) {
      await makeSlots(store, 2)
      const writing = times(100, () =>
        store.write(TENANT, function* () {
          yield* reserve(0, 1000)
          yield* reserve(1, 1000)
        }),
      )
      await times(50, async () => {
        const seen = await store.read(TENANT, function* () {
          const before = yield* rowsOf(sql<{ started: number }>`select started from slot order by id`)
          const after = yield* rowsOf(sql<{ started: number }>`select started from slot order by id`)
          return [...before, ...after].map(row => row.started)
        })
        assert.equal(new Set(seen).size, 1)
      })
      await writing
      await failure(store.read(TENANT, () => reserve(0, 1000)))
      assert.equal(await total(store), 200)
    },
  },
  {
    title: 'what a write has answered is there for the next read',
    async check(store) {
      await makeSlots(store, 1)
      for (let n = 1; n <= 20; n++) {
        await store.write(TENANT, () => reserve(0, 1000))
        assert.equal(await total(store), n)
      }
    },
  },
  {
    title: 'queries of one round trip are answered in their order, each with its rows',
    async check(store) {
      await makeSlots(store, 3)
      const answer = await store.write(TENANT, () =>
        together(
          sql<{ n: number }>`select count(*) as n from slot`,
          sql`update slot set started = ${9} where id = ${1}`,
          sql<{ id: number }>`select id from slot where started = ${9}`,
          sql<{ id: number }>`select id from slot where started = ${10}`,
        ),
      )
      assert.deepEqual(
        answer.map(rows => rows.map(row => ({ ...(row as object) }))),
        [[{ n: 3 }], [], [{ id: 1 }], []],
      )
      assert.deepEqual(await store.write(TENANT, () => together()), [])
    },
  },
  {
    title: 'values come back as they went in: text, bytes, large numbers, truth as 1, nothing',
    async check(store) {
      await store.write(TENANT, function* () {
        yield* first(
          sql`create table thing (id bigint primary key, body bytea, words text, large bigint, yes bigint, none text)`,
        )
        const body = Uint8Array.of(0, 255, 39, 92)
        const large = Number.MAX_SAFE_INTEGER
        yield* first(sql`insert into thing (id, body, words, large, yes, none)
          values (${1}, ${body}, ${"it's ?1 $1 \\ ü"}, ${large}, ${true}, ${null})`)
      })
      const row = await store.read(TENANT, () =>
        first(sql<Record<string, unknown>>`select body, words, large, large / ${2} as half, yes, none from thing`),
      )
      assert.ok(row !== undefined)
      assert.deepEqual([...(row.body as Uint8Array)], [0, 255, 39, 92])
      assert.deepEqual(
        { ...row, body: null },
        {
          body: null,
          words: "it's ?1 $1 \\ ü",
          large: Number.MAX_SAFE_INTEGER,
          half: 4503599627370495,
          yes: 1,
          none: null,
        },
      )
    },
  },
  {
    title: 'rows can be locked by a comment, and leased past those that others hold',
    async check(store) {
      await makeSlots(store, 40)
      const lease = () =>
        store.write(TENANT, () =>
          rowsOf(sql<{ id: number }>`update slot set used = ${1} where id in
            (select id from slot where used is null order by id limit ${4} /* for update skip locked */) returning id`),
        )
      const leased = (await times(20, lease)).flat().map(row => row.id)
      // Somebody may have found all free rows held by others: the next one gets them.
      while (leased.length < 40) leased.push(...(await lease()).map(row => row.id))
      assert.deepEqual(
        leased.sort((a, b) => a - b),
        Array.from({ length: 40 }, (_, n) => n),
      )
    },
  },
]
