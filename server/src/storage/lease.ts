/**
 * The exclusive lease on a home folder: a second server, or a command that wants the file for itself, is refused.
 * A lock of the operating system on a small SQLite file of its own, held as long as the process lives: nothing stale
 * stays behind after `kill -9`. Surprise: opening and closing `lease.db` by any other way in this process would drop
 * the lock (POSIX), so nothing else touches that file; who holds it stands in `lease.txt`, for people only.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { StoreUnusable } from '#storage/engine-unusable.ts'
import { openDatabase } from '#storage/sqlite/open-database.ts'

export interface Lease {
  release(): void
}

const BUSY = 5

export function takeLease(homeFolder: string): Lease {
  mkdirSync(homeFolder, { recursive: true, mode: 0o700 })
  const holderFile = join(homeFolder, 'lease.txt')
  const database = openDatabase(join(homeFolder, 'lease.db'), { timeout: 0 })
  try {
    database.exec('pragma locking_mode = exclusive; begin exclusive')
  } catch (cause) {
    database.close()
    if ((cause as { errcode?: number }).errcode !== BUSY && !/locked/.test((cause as Error).message)) throw cause
    throw new StoreUnusable(
      `The folder ${homeFolder} is in use by another server${holderOf(holderFile)}.`,
      'Stop that server first, or set COUNTERSIGN_HOME to another folder.',
      { cause },
    )
  }
  writeFileSync(holderFile, `process ${process.pid}\n`, { mode: 0o600 })
  return { release: () => database.close() }
}

function holderOf(file: string): string {
  try {
    return ` (${readFileSync(file, 'utf8').trim().slice(0, 40)})`
  } catch {
    return ''
  }
}
