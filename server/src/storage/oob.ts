/** Codes by mail and SMS; see `domain/ports/oob-queries.ts` for what each statement promises. */
import type { OobCode, OobQueries, OobRegistration } from '#domain/ports/oob-queries.ts'
import { sql, touched } from '#storage/sql.ts'

export const oobQueries: OobQueries = {
  registration: (tenant, user, policy) => sql<OobRegistration>`
    select device_type as "deviceType", credential_type as "credentialType", activation as "activation" from oob
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,

  register: (tenant, user, policy, { deviceType, credentialType, activation }, at) => sql`
    insert into oob (tenant_number, user_id, policy, device_type, credential_type, activation, created_at)
    values (${tenant}, ${user}, ${policy}, ${deviceType}, ${credentialType}, ${activation}, ${at})
    on conflict (tenant_number, user_id, policy) do update
      set device_type = excluded.device_type, credential_type = excluded.credential_type,
          activation = excluded.activation, created_at = excluded.created_at`,

  unregister: (tenant, user, policy) =>
    touched(sql`delete from oob where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`),

  code: (tenant, user, policy) => sql<Pick<OobCode, 'method' | 'triesLeft' | 'createdAt'>>`
    select method as "method", tries_left as "triesLeft", created_at as "createdAt"
    from oob_code where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,

  // Two statements, because PostgreSQL knows the type of a value only where it is assigned to a column.
  open: (tenant, user, policy, code, recent) => [
    sql`
    insert into oob_code (tenant_number, user_id, policy, id, method, body, tries_left, created_at, expires_at)
    select o.tenant_number, o.user_id, o.policy, 0, '', null, 0, 0, 0
    from oob o where o.tenant_number = ${tenant} and o.user_id = ${user} and o.policy = ${policy}
    on conflict do nothing`,
    sql<{ id: number }>`
    update oob_code
    set id = ${code.id}, method = ${code.method}, body = ${code.body}, tries_left = ${code.triesLeft},
        created_at = ${code.createdAt}, expires_at = ${code.expiresAt}
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}
      and (created_at <= ${recent} or tries_left <= 0 or method <> ${code.method})
    returning id as "id"`,
  ],

  takeTry: (tenant, user, policy) => sql<OobCode>`
    update oob_code set tries_left = tries_left - 1
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy} and tries_left > 0 and body is not null
    returning id as "id", method as "method", body as "body", tries_left as "triesLeft", created_at as "createdAt",
              expires_at as "expiresAt"`,

  spend: (tenant, user, policy, id) =>
    touched(sql`
    delete from oob_code where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy} and id = ${id}`),

  kill: (tenant, user, policy) => sql`
    delete from oob_code where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,

  giveBack: (tenant, user, policy) => sql`
    update authenticator_state set forgiven = forgiven + 1
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy} and forgiven < started`,

  dropCodes: (tenant, at) => sql<{ id: number }>`
    delete from oob_code where tenant_number = ${tenant} and (user_id, policy) in
      (select user_id, policy from oob_code where tenant_number = ${tenant} and expires_at < ${at}
       order by expires_at limit 500)
    returning id as "id"`,
}
