/**
 * Where a figure was taken: processor, cores, versions, and how long this disk takes to make 4 kB durable, without which
 * no figure of a durable server says anything.
 */
import { execFileSync } from 'node:child_process'
import { closeSync, fdatasyncSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '#storage/sqlite/open-database.ts'
import { pinned } from './pinning.ts'
import { median } from './rounds.ts'

export interface Machine {
  readonly processor: string
  readonly cores: number
  readonly memory_gb: number
  readonly pinned: boolean
  readonly node: string
  readonly sqlite: string
  readonly postgres: string | undefined
  readonly oidcProvider: string
  readonly fileSystem: string
  readonly fdatasync_us: number
}

export function machine(folder: string, postgres: string | undefined): Machine {
  const database = openDatabase(':memory:')
  const { version } = database.prepare('select sqlite_version() as version').get() as { version: string }
  database.close()
  const manifest = join(createRequire(import.meta.url).resolve('oidc-provider'), '..', '..', 'package.json')
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory_gb: Math.round(totalmem() / 2 ** 30),
    pinned,
    node: process.versions.node,
    sqlite: version,
    postgres,
    oidcProvider: (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version,
    fileSystem: execFileSync('stat', ['-f', '-c', '%T', folder], { encoding: 'utf8' }).trim(),
    fdatasync_us: durable_us(join(folder, 'fdatasync')),
  }
}

function durable_us(file: string): number {
  const handle = openSync(file, 'w')
  const page = Buffer.alloc(4096, 1)
  const took: number[] = []
  for (let n = 0; n < 300; n++) {
    writeSync(handle, page)
    const started = performance.now()
    fdatasyncSync(handle)
    took.push((performance.now() - started) * 1000)
  }
  closeSync(handle)
  rmSync(file)
  return median(took)
}
