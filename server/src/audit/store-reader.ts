/** Reads a store for the verifier and the export, some hundred rows at a time; nothing is locked, the server may run. */
import type { AuditReader, SealedRecord } from '#audit/audit-reader.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { AuditLog, AuditPersonal, AuditRun, NumberedEvent } from '#domain/ports/audit-log.ts'
import { first, type Query, rowsOf, type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'

const AT_ONCE = 500
/** Statements in one unit are limited; each event with personal values takes one. */
const PERSONAL_AT_ONCE = 100

export function storeReader(store: Store, log: AuditLog): AuditReader {
  const one = <Row>(query: Query<Row>): Promise<Row | undefined> => store.read(WHOLE_STORE, () => first(query))
  const many = <Row>(query: Query<Row>): Promise<readonly Row[]> => store.read(WHOLE_STORE, () => rowsOf(query))

  async function* pages<Row>(query: (after: number) => Query<Row>, keyOf: (row: Row) => number): AsyncIterable<Row> {
    for (let after = -1; ; ) {
      const rows = await many(query(after))
      yield* rows
      if (rows.length < AT_ONCE) return
      after = keyOf(rows.at(-1)!)
    }
  }

  return {
    async *tenants() {
      for (let after = -1; ; ) {
        const next = (await one(log.nextSealedTenant(after)))?.tenant ?? undefined
        if (next === undefined) return
        yield next
        after = next
      }
    },

    async head(tenant) {
      const [query] = log.heads([tenant])
      return query && one(query)
    },

    sealed: tenant => sealedOf(store, log, tenant),

    async *checkpoints() {
      const kept = pages(
        after => log.checkpointsAfter(after, AT_ONCE),
        row => row.number,
      )
      for await (const { jws } of kept) yield jws
    },

    runs: {
      async *all(): AsyncIterable<AuditRun | { readonly run: number }> {
        for (let after = -1; ; ) {
          const row = (await many(log.runsAfter(after, 1)))[0]
          const run = (await one(log.nextRunWithEvents(after)))?.run ?? Infinity
          if (row === undefined && run === Infinity) return
          const next = row !== undefined && row.run <= run ? row : { run }
          yield next
          after = next.run
        }
      },
      numbers: run =>
        pages<NumberedEvent>(
          after => log.numbersAfter(run, after, AT_ONCE),
          row => row.number,
        ),
    },
  }
}

/** A page's events and their personal values come from one snapshot: a person erased meanwhile is a whole or nothing. */
async function* sealedOf(store: Store, log: AuditLog, tenant: TenantNumber): AsyncIterable<SealedRecord> {
  for (let after = -1; ; ) {
    const page = await store.read(WHOLE_STORE, function* (): Unit<readonly SealedRecord[]> {
      const rows = yield* rowsOf(log.sealedAfter(tenant, after, AT_ONCE))
      const personal = new Map<number, readonly AuditPersonal[]>()
      const named = rows.filter(row => row.body?.includes('"personal":') === true).map(row => row.id)
      const asked = named.slice(0, PERSONAL_AT_ONCE)
      const answers = asked.length === 0 ? [] : yield asked.map(id => log.personalOf(tenant, id))
      asked.forEach((id, i) => {
        personal.set(id, answers[i] as readonly AuditPersonal[])
      })
      // What did not fit into this unit waits for the next page.
      const unread = named[PERSONAL_AT_ONCE]
      const end = unread === undefined ? rows.length : rows.findIndex(row => row.id === unread)
      return rows.slice(0, end).map(row => ({ ...row, personal: personal.get(row.id) ?? [] }))
    })
    yield* page
    const last = page.at(-1)
    if (last === undefined) return
    after = last.seq
  }
}
