import pg from 'pg'
import { expect, test } from 'vitest'
import { startPostgres } from '../../../tools/postgres.ts'
import { postgres } from '../fresh-store.ts'

async function ask(url: string, text: string) {
  const client = new pg.Client({ connectionString: url })
  client.on('error', () => {})
  await client.connect()
  return client.query(text).finally(() => client.end())
}

test.skipIf(postgres.absent)(
  'the test server keeps what it answered through a crash, and is gone after stop',
  async () => {
    const server = await startPostgres()
    await ask(server.url, 'create table kept (n int)')
    await ask(server.url, 'insert into kept values (1)')
    const running = ask(server.url, 'select pg_sleep(30)')
    const broken = expect(running).rejects.toThrow()
    await server.crash()
    await broken
    await expect(ask(server.url, 'select 1')).rejects.toThrow()
    await server.restart()
    expect((await ask(server.url, 'select n from kept')).rows).toEqual([{ n: 1 }])
    await server.stop()
    await expect(ask(server.url, 'select 1')).rejects.toThrow()
  },
)
