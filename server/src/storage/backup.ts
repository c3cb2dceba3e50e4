/**
 * A consistent copy of a store while it serves: of SQLite a file made by `vacuum into` in a thread of its own, of
 * PostgreSQL a dump in pg_dump's custom format. For `countersign backup`.
 * A backup appears under its name only when it is whole, with mode 0600. It never holds the master key.
 */
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreUnusable } from '#storage/engine-unusable.ts'
import { runClientProgram } from '#storage/postgres/client-program.ts'
import { SqliteWorker } from '#storage/sqlite/worker.ts'

const PATIENCE_MS = 5000

export async function backupSqlite(path: string, destination: string): Promise<void> {
  if (!existsSync(path))
    throw new StoreUnusable(`There is no store at ${path}.`, 'Look at COUNTERSIGN_DATABASE and COUNTERSIGN_HOME.')
  await appearing(destination, async part => {
    const source = new SqliteWorker(path, PATIENCE_MS)
    try {
      await source.first('vacuum into ?1', part)
    } finally {
      await source.close()
    }
  })
}

export async function backupPostgres(url: string, destination: string): Promise<void> {
  await appearing(destination, part => runClientProgram('pg_dump', url, ['--format=custom', `--file=${part}`]))
}

/** Lets `write` fill an empty file that only its owner can read, brings it to the disk and gives it its name. */
async function appearing(destination: string, write: (part: string) => Promise<void>): Promise<void> {
  if (existsSync(destination))
    throw new StoreUnusable(`${destination} exists already.`, 'Choose another name for the backup.')
  const part = `${destination}.part`
  await rm(part, { force: true })
  await (await open(part, 'wx', 0o600)).close()
  try {
    await write(part)
    await synced(part)
    await rename(part, destination)
    await synced(dirname(destination))
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
}

async function synced(path: string): Promise<void> {
  const file = await open(path, 'r')
  await file.sync().finally(() => file.close())
}
