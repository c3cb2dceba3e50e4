/**
 * Storage for `oidc-provider` on SQLite, as its adapter contract asks and as durable as ours: WAL, `synchronous=FULL`, one
 * row per upsert, prepared statements, the same SQLite. Every upsert is on the disk before it is answered; there is no
 * grouping, because an adapter is called once per request and knows nothing of its neighbours.
 */
import type { Adapter } from 'oidc-provider'
import { openDatabase } from '#storage/sqlite/open-database.ts'

export function sqliteAdapter(path: string): (model: string) => Adapter {
  const database = openDatabase(path)
  database.exec(`pragma journal_mode = wal; pragma synchronous = full; pragma cache_size = -65536; pragma temp_store = memory;
    create table if not exists model (kind text not null, id text not null, payload text not null, expires_at integer,
      grant_id text, user_code text, uid text, primary key (kind, id)) without rowid;
    create index if not exists model_grant on model (grant_id) where grant_id is not null;
    create index if not exists model_user_code on model (user_code) where user_code is not null;
    create index if not exists model_uid on model (uid) where uid is not null`)
  const upsert = database.prepare(`
    insert into model (kind, id, payload, expires_at, grant_id, user_code, uid) values (?, ?, ?, ?, ?, ?, ?)
    on conflict (kind, id) do update set payload = excluded.payload, expires_at = excluded.expires_at,
      grant_id = excluded.grant_id, user_code = excluded.user_code, uid = excluded.uid`)
  const find = database.prepare('select payload, expires_at from model where kind = ? and id = ?')
  const byUserCode = database.prepare('select payload, expires_at from model where kind = ? and user_code = ?')
  const byUid = database.prepare('select payload, expires_at from model where kind = ? and uid = ?')
  const consume = database.prepare(
    `update model set payload = json_set(payload, '$.consumed', ?) where kind = ? and id = ?`,
  )
  const destroy = database.prepare('delete from model where kind = ? and id = ?')
  const revoke = database.prepare('delete from model where grant_id = ?')
  // Its statements do not hold a database: without a reference of its own it would be collected, and closed, under them.
  process.once('exit', () => database.close())

  return kind => ({
    async upsert(id, payload, expiresIn) {
      const { grantId = null, userCode = null, uid = null } = payload as Record<string, string | undefined>
      const expiresAt = expiresIn ? Date.now() + expiresIn * 1000 : null
      upsert.run(kind, id, JSON.stringify(payload), expiresAt, grantId, userCode, uid)
    },
    find: async id => payloadOf(find.get(kind, id)),
    findByUserCode: async code => payloadOf(byUserCode.get(kind, code)),
    findByUid: async uid => payloadOf(byUid.get(kind, uid)),
    async consume(id) {
      consume.run(Math.floor(Date.now() / 1000), kind, id)
    },
    async destroy(id) {
      destroy.run(kind, id)
    },
    async revokeByGrantId(grantId) {
      revoke.run(grantId)
    },
  })
}

function payloadOf(row: unknown): object | undefined {
  const found = row as { payload: string; expires_at: number | null } | undefined
  if (!found || (found.expires_at !== null && found.expires_at <= Date.now())) return undefined
  return JSON.parse(found.payload) as object
}
