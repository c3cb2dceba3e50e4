/**
 * What a PostgreSQL server says of itself before a store is opened on it: how many connections it gives, whether a commit
 * waits for a standby. And its clock, which a node is compared with while it runs.
 */
import { sql } from '#storage/sql.ts'

export interface ServerFacts {
  readonly maxConnections: number
  /** A commit is answered only when a standby has it too: a failover then loses nothing. */
  readonly waitsForStandby: boolean
}

const FACTS = `
  select current_setting('max_connections')::int as connections, current_setting('synchronous_standby_names') as standbys,
         current_setting('synchronous_commit') as commits`

export async function askServer(url: string): Promise<ServerFacts> {
  const { Client } = (await import('pg')).default
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 5000 })
  client.on('error', () => {})
  await client.connect()
  try {
    const { rows } = await client.query(FACTS)
    const { connections, standbys, commits } = rows[0] as { connections: number; standbys: string; commits: string }
    return { maxConnections: connections, waitsForStandby: standbys !== '' && commits !== 'off' && commits !== 'local' }
  } finally {
    await client.end()
  }
}

/** Milliseconds since 1970, as the database sees it. */
export const databaseClock = () =>
  sql<{ now: number }>`select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as "now"`
