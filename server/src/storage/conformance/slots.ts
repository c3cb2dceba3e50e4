/**
 * The rows that the store's cases work on: attempts that are reserved before a guess is looked at, and the last code
 * that was used. The statements are those of the product in small.
 */
import { first, type Store, type Unit } from '#domain/ports/store.ts'
import { sql } from '#storage/sql.ts'

export const TENANT = 1

export async function makeSlots(store: Store, count: number): Promise<void> {
  await store.write(TENANT, function* () {
    yield* first(
      sql`create table slot (id bigint primary key, started bigint not null, forgiven bigint not null, used bigint)`,
    )
    for (let id = 0; id < count; id++) {
      yield* first(sql`insert into slot (id, started, forgiven, used) values (${id}, ${0}, ${0}, ${null})`)
    }
  })
}

/** The number of the attempt, or undefined when the limit is reached. */
export function* reserve(id: number, limit: number): Unit<number | undefined> {
  const row = yield* first(sql<{ started: number }>`
    update slot set started = started + 1 where id = ${id} and started - forgiven < ${limit} returning started`)
  return row?.started
}

/** True for the one who uses this code first. */
export function* settle(id: number, code: number): Unit<boolean> {
  yield* reserve(id, 1000)
  const row = yield* first(sql<{ id: number }>`
    update slot set used = ${code} where id = ${id} and (used is null or used < ${code}) returning id`)
  return row !== undefined
}

/** All attempts that were ever reserved. */
export async function total(store: Store): Promise<number> {
  const row = await store.read(TENANT, () => first(sql<{ started: number }>`select sum(started) as started from slot`))
  return row?.started ?? 0
}
