/**
 * A fresh store on each engine, for tests that must hold on both. `COUNTERSIGN_TEST_POSTGRES` is set by the global
 * setup; where it is empty, tests of PostgreSQL are shown as skipped (and with CI=true the setup has failed already).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { Store } from '#domain/ports/store.ts'
import { migratePostgres, migrateSqlite } from '#storage/migrate.ts'
import { BINARY, migrations } from '#storage/migrations/list.ts'
import type { Migration } from '#storage/migrations/migration.ts'
import { PostgresStore } from '#storage/postgres/store.ts'
import { SqliteStore } from '#storage/sqlite/store.ts'

export interface FreshStore {
  readonly store: Store
  close(): Promise<void>
}

export interface Engine {
  readonly name: 'SQLite' | 'PostgreSQL'
  /** Why tests on this engine cannot run here; give it to `describe.skipIf`. */
  readonly absent: boolean
  /** With all migrations of the product, or with those given. */
  open(steps?: readonly Migration[]): Promise<FreshStore>
}

const postgresUrl = process.env.COUNTERSIGN_TEST_POSTGRES ?? ''
const options = (steps: readonly Migration[]) => ({ migrations: steps, binary: BINARY, now_ms: 1_770_000_000_000 })

export const sqlite: Engine = {
  name: 'SQLite',
  absent: false,
  async open(steps = migrations) {
    const { path, remove } = freshFile()
    migrateSqlite(path, options(steps))
    const store = new SqliteStore(path)
    return {
      store,
      close: async () => {
        await store.close()
        remove()
      },
    }
  },
}

export const postgres: Engine = {
  name: 'PostgreSQL',
  absent: postgresUrl === '',
  async open(steps = migrations) {
    const { url, remove } = await freshDatabase()
    await migratePostgres(url, options(steps))
    const store = new PostgresStore(url)
    return {
      store,
      close: async () => {
        await store.close()
        await remove()
      },
    }
  },
}

export const engines: readonly Engine[] = [sqlite, postgres]

/** A path in a folder of its own. */
export function freshFile(): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), 'countersign-test-'))
  return { path: join(folder, 'countersign.db'), remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** An empty database of its own on the test server. */
export async function freshDatabase(): Promise<{ url: string; remove(): Promise<void> }> {
  const name = `test_${process.pid}_${process.hrtime.bigint()}`
  await administer(`create database ${name}`)
  const url = new URL(postgresUrl)
  url.pathname = `/${name}`
  return { url: url.href, remove: () => administer(`drop database ${name} with (force)`) }
}

async function administer(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl })
  await client.connect()
  await client.query(text).finally(() => client.end())
}
