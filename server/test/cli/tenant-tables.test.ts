/** A table or column that a later migration adds must not be forgotten by export and erasure: the schema is asked. */
import { expect, test } from 'vitest'
import { migrateSqlite } from '#storage/migrate.ts'
import { BINARY, migrations } from '#storage/migrations/list.ts'
import { openDatabase } from '#storage/sqlite/open-database.ts'
import { tenantRows } from '#storage/tenant-rows.ts'
import { verifyQueries } from '#storage/verify.ts'
import { freshFile } from '../fresh-store.ts'

/** What stays of an erased tenant: its number, and the audit without personal values. */
const STAYS = ['tenant', 'audit_event', 'audit_seal', 'audit_subtree', 'audit_head']
/** Looked at by no check of rows: totals have one of their own, the others pass. */
const UNCHECKED = ['tenant_counter', 'assertion_used', 'recovery', 'budget', 'device_import', 'audit_personal']

function schema(): ReadonlyMap<string, readonly string[]> {
  const { path, remove } = freshFile()
  migrateSqlite(path, { migrations, binary: BINARY, now_ms: 0 })
  const database = openDatabase(path)
  const rows = database
    .prepare('select t.name as "table", c.name as "column" from sqlite_schema t, pragma_table_info(t.name) c')
    .all() as { table: string; column: string }[]
  database.close()
  remove()
  const tables = new Map<string, string[]>()
  for (const { table, column } of rows) tables.set(table, [...(tables.get(table) ?? []), column])
  return new Map([...tables].filter(([, columns]) => columns.includes('tenant_number')))
}

const tables = schema()

test('every table of a tenant is erased', () => {
  expect([...tenantRows.erasable, ...STAYS].sort()).toEqual([...tables.keys()].sort())
})

test('every column of a carried table is carried', () => {
  for (const { table, columns } of tenantRows.tables) {
    expect([...columns, 'tenant_number'].sort(), table).toEqual([...(tables.get(table) ?? [])].sort())
  }
})

test('every table of a tenant is looked at for strays', () => {
  expect([...verifyQueries.tables, ...UNCHECKED, ...STAYS].sort()).toEqual([...tables.keys()].sort())
})
