/** Codes for forgotten passwords, one for each user and policy. See `domain/ports/recovery-queries.ts`. */
import type { RecoveryQueries, RecoveryRow } from '#domain/ports/recovery-queries.ts'
import { type Fragment, fragment, joined, sql, touched } from '#storage/sql.ts'

const COLUMNS = fragment`user_id as "user", policy as "policy", id as "id", action_id as "action", client_id as "client",
  login_id as "login", method as "method", password_version as "passwordVersion", code_proof as "codeProof",
  link_proof as "linkProof", tries as "tries", created_at as "createdAt", expires_at as "expiresAt", used_at as "usedAt"`

const rows = (where: Fragment) => joined<RecoveryRow>(fragment`select ${COLUMNS} from recovery where`, where)
const tried = (where: Fragment) =>
  joined<RecoveryRow>(fragment`update recovery set tries = tries + 1 where`, where, fragment`returning ${COLUMNS}`)

export const recoveryQueries: RecoveryQueries = {
  recovery: (tenant, user, policy) =>
    rows(fragment`tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`),

  recoveryOf: (tenant, id) => rows(fragment`tenant_number = ${tenant} and id = ${id}`),

  put: (tenant, r) => sql`
    insert into recovery (tenant_number, user_id, policy, id, action_id, client_id, login_id, method, password_version,
                          code_proof, link_proof, tries, created_at, expires_at, used_at)
    values (${tenant}, ${r.user}, ${r.policy}, ${r.id}, ${r.action}, ${r.client}, ${r.login}, ${r.method},
            ${r.passwordVersion}, ${r.codeProof}, ${r.linkProof}, 0, ${r.createdAt}, ${r.expiresAt}, null)
    on conflict (tenant_number, user_id, policy) do update set
      id = excluded.id, action_id = excluded.action_id, client_id = excluded.client_id, login_id = excluded.login_id,
      method = excluded.method, password_version = excluded.password_version, code_proof = excluded.code_proof,
      link_proof = excluded.link_proof, tries = 0, created_at = excluded.created_at, expires_at = excluded.expires_at,
      used_at = null`,

  takeTry: (tenant, { user, policy, login }, limit, at) =>
    tried(fragment`
      tenant_number = ${tenant} and user_id = ${user} and policy = ${policy} and login_id = ${login} and tries < ${limit}
      and used_at is null and expires_at > ${at}`),

  takeTryOf: (tenant, id, limit, at) =>
    tried(fragment`
      tenant_number = ${tenant} and id = ${id} and tries < ${limit} and used_at is null and expires_at > ${at}`),

  giveBack: (tenant, id) => sql`
    update recovery set tries = tries - 1 where tenant_number = ${tenant} and id = ${id} and tries > 0`,

  use: (tenant, id, at) =>
    touched(sql`
    update recovery set used_at = ${at}
    where tenant_number = ${tenant} and id = ${id} and used_at is null and expires_at > ${at}`),
}
