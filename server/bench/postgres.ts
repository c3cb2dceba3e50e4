/** A durable PostgreSQL of our own on the load's core, with a database for each home. */
import { createRequire } from 'node:module'
import type pg from 'pg'
import { LOAD_CORE, moveToCore } from './pinning.ts'
import { childrenNamed, childrenOf } from './usage.ts'

export interface Database {
  readonly version: string
  /** The first process; all others are its children. */
  readonly pid: number | undefined
  /** Makes a database, in place of one with that name; answers its address. */
  create(name: string): Promise<string>
  stop(): Promise<void>
}

/** As `tools/postgres.ts` exports it. Loaded when needed, because it belongs to another build. */
type Tools = {
  startPostgres(options: {
    fsync: boolean
    settings: Record<string, string>
  }): Promise<{ url: string; stop(): Promise<void> }>
}

export async function openPostgres(): Promise<Database> {
  const tools = new URL('../../../tools/dist/postgres.js', import.meta.url)
  const { startPostgres } = (await import(tools.href)) as Tools
  const server = await startPostgres({ fsync: true, settings: { shared_buffers: '256MB' } })
  const pid = childrenNamed('postgres')[0]
  if (pid !== undefined) for (const one of [pid, ...childrenOf(pid)]) moveToCore(LOAD_CORE, one)
  const version = await asked(server.url, 'show server_version')
  return {
    version: `PostgreSQL ${version}`,
    pid,
    async create(name) {
      await asked(server.url, `drop database if exists ${name} with (force)`)
      await asked(server.url, `create database ${name}`)
      const url = new URL(server.url)
      url.pathname = `/${name}`
      return url.href
    },
    stop: () => server.stop(),
  }
}

async function asked(url: string, text: string): Promise<string> {
  const { Client } = createRequire(import.meta.url)('pg') as typeof pg
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query(text)
    return String(Object.values((rows[0] ?? {}) as Record<string, unknown>)[0] ?? '')
  } finally {
    await client.end()
  }
}
