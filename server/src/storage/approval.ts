/** Approvals. Every change of state is conditional: who comes second touches no row. */
import type { Answered, NewApproval } from '#domain/approval.ts'
import type { ApprovalQueries, ApprovalStanding, InboxRow, PauseRow } from '#domain/ports/approval-queries.ts'
import { sql, touched } from '#storage/sql.ts'

const NOT_ANSWERED = { at: null, status: null, positive: null, credential: null, answer: null }

function add(tenant: number, a: NewApproval, answered?: Answered) {
  const { at, status, positive, credential, answer } = answered ?? NOT_ANSWERED
  return sql<{ id: number }>`
    insert into approval (tenant_number, id, state, client_id, user_id, device_id, device_type, policy, purpose, channel,
                          scope, dialect, delivery, statuses, session, silent, proof, body, nonce, created_at, expires_at,
                          collect_until, answered_at, answer_status, positive, credential_id, answer, collected_at, event_id)
    values (${tenant}, ${a.id}, ${a.state}, ${a.client}, ${a.user}, ${a.device}, ${a.deviceType}, ${a.policy},
            ${a.purpose}, ${a.channel}, ${a.scope}, ${a.dialect}, ${a.delivery}, ${a.statuses}, ${a.session},
            ${a.silent}, ${a.proof}, ${a.body}, ${a.nonce}, ${a.createdAt}, ${a.expiresAt}, ${a.collectUntil}, ${at},
            ${status}, ${positive}, ${credential}, ${answer}, null, ${a.event})
    on conflict do nothing returning id as "id"`
}

export const approvalQueries: ApprovalQueries = {
  holdUser: (tenant, user) => sql<{ id: number }>`
    select id as "id" from user_account where tenant_number = ${tenant} and id = ${user} /* for update */`,

  supersede: (tenant, user, purpose) => sql`
    update approval set state = 'SUPERSEDED'
    where tenant_number = ${tenant} and user_id = ${user} and purpose = ${purpose} and state = 'OPEN'`,

  addApproval: (tenant, approval) => add(tenant, approval),

  addAnswered: (tenant, approval, answered) => add(tenant, approval, answered),

  // The device is the request's, or for a request that names none the one that asks; the user is the device's owner.
  standing: (tenant, id, device) => sql<ApprovalStanding>`
    select t.version as "version", u.id as "user", u.active as "active", u.external_id as "userExternalId",
           x.status as "status", x.start_at as "startAt", x.expiry_at as "expiryAt",
           s.started as "started", s.forgiven as "forgiven", s.last_attempt_at as "lastAttemptAt",
           s.total_success as "totalSuccess", s.challenge_count as "challengeCount", s.blocked_until as "blockedUntil",
           (select coalesce(sum(z.started - z.forgiven), 0) from authenticator_state z
            where z.tenant_number = u.tenant_number and z.user_id = u.id) as "failures",
           w.started - w.forgiven as "synchronisingFailures", w.last_attempt_at as "synchronisedAt",
           (select max(z.last_attempt_at) from authenticator_state z
            where z.tenant_number = u.tenant_number and z.user_id = u.id) as "userLastAttemptAt",
           p.id as "approval", p.state as "state", p.client_id as "client", p.user_id as "forUser",
           p.device_id as "forDevice", p.device_type as "forDeviceType", p.policy as "policy", p.purpose as "purpose",
           p.channel as "channel", p.scope as "scope", p.dialect as "dialect", p.delivery as "delivery",
           p.statuses as "statuses", p.session as "session", p.silent as "silent", p.proof as "proof", p.body as "body",
           p.nonce as "nonce", p.created_at as "createdAt", p.expires_at as "expiresAt",
           p.collect_until as "collectUntil", p.answered_at as "answeredAt", p.answer_status as "answerStatus",
           p.positive as "positive", p.answer as "answer", p.collected_at as "collectedAt",
           d.id as "device", d.type as "deviceType", d.external_id as "deviceExternalId", d.status as "deviceStatus",
           d.start_at as "deviceStartAt", d.expiry_at as "deviceExpiryAt", a.confirm_code as "confirmCode",
           a.key_protection as "keyProtection", c.id as "credential", c.type as "credentialType", c.status as "credentialStatus",
           c.start_at as "credentialStartAt", c.expiry_at as "credentialExpiryAt", c.secret as "credentialSecret",
           (select i.denials from initiator_pause i where i.tenant_number = p.tenant_number and i.user_id = u.id
              and i.client_id = p.client_id) as "denials",
           y.call_counter as "callCounter", y.tx_counter as "txCounter"
    from approval p
    join tenant t on t.tenant_number = p.tenant_number
    left join device d on d.tenant_number = p.tenant_number and d.id = coalesce(p.device_id, ${device})
    left join app a on a.tenant_number = d.tenant_number and a.device_id = d.id
    left join app_state y on y.tenant_number = d.tenant_number and y.device_id = d.id
    left join credential c on c.tenant_number = a.tenant_number
      and c.id = coalesce(p.credential_id, case when p.purpose = 'logon' then a.logon_id else a.action_id end)
    left join user_account u on u.tenant_number = p.tenant_number and u.id = coalesce(p.user_id, d.owner_id)
    left join user_state w on w.tenant_number = u.tenant_number and w.user_id = u.id
    left join authenticator x on x.tenant_number = u.tenant_number and x.user_id = u.id and x.policy = p.policy
    left join authenticator_state s on s.tenant_number = x.tenant_number and s.user_id = x.user_id and s.policy = x.policy
    where p.tenant_number = ${tenant} and p.id = ${id}`,

  inbox: (tenant, device, now) => sql<InboxRow>`
    select id as "id", purpose as "purpose", created_at as "createdAt", expires_at as "expiresAt" from approval
    where tenant_number = ${tenant} and device_id = ${device} and state = 'OPEN' and expires_at > ${now}
    order by id desc limit 50`,

  recent: (tenant, user, policy, floor, lateFloor) => sql<{ total: number; late: number; unanswered: number }>`
    select count(*) as "total", coalesce(sum(case when id >= ${lateFloor} then 1 else 0 end), 0) as "late",
           coalesce(sum(case when policy = ${policy} and answered_at is null then 1 else 0 end), 0) as "unanswered"
    from approval where tenant_number = ${tenant} and user_id = ${user} and id >= ${floor}`,

  callbackAttribute: (tenant, clientUser) => sql<{ value: string }>`
    select value as "value" from user_attribute
    where tenant_number = ${tenant} and user_id = ${clientUser} and name = 'ATR_CIBACB'`,

  answer: (tenant, id, { status, positive, user, device, credential, answer, at }) =>
    touched(sql`
    update approval set state = 'ANSWERED', user_id = ${user}, device_id = ${device}, answered_at = ${at},
           answer_status = ${status}, positive = ${positive}, credential_id = ${credential}, answer = ${answer}
    where tenant_number = ${tenant} and id = ${id} and state = 'OPEN'`),

  collect: (tenant, id, at) =>
    touched(sql`
    update approval set collected_at = ${at}
    where tenant_number = ${tenant} and id = ${id} and state = 'ANSWERED' and collected_at is null`),

  remove: (tenant, id) =>
    touched(sql`
    update approval set state = 'DELETED' where tenant_number = ${tenant} and id = ${id} and state = 'OPEN'`),

  pause: (tenant, user, client) => sql<PauseRow>`
    select denials as "denials", until_at as "until" from initiator_pause
    where tenant_number = ${tenant} and user_id = ${user} and client_id = ${client}`,

  setPause: (tenant, user, client, { denials, until }) => sql`
    insert into initiator_pause (tenant_number, user_id, client_id, denials, until_at)
    values (${tenant}, ${user}, ${client}, ${denials}, ${until})
    on conflict (tenant_number, user_id, client_id) do update
      set denials = excluded.denials, until_at = excluded.until_at`,

  clearPause: (tenant, user, client) => sql`
    delete from initiator_pause where tenant_number = ${tenant} and user_id = ${user} and client_id = ${client}`,

  block: (tenant, user, policy, until) => sql`
    update authenticator_state set blocked_until = ${until}
    where tenant_number = ${tenant} and user_id = ${user} and policy = ${policy}`,

  noteUse: (tenant, credential, at) => sql`
    update credential_state set last_used_at = ${at} where tenant_number = ${tenant} and id = ${credential}`,

  dropOf: (tenant, device) => sql`
    update approval set state = 'SUPERSEDED' where tenant_number = ${tenant} and device_id = ${device} and state = 'OPEN'`,

  since: (tenant, after) => sql<{ id: number; device: number | null }>`
    select id as "id", device_id as "device" from approval
    where tenant_number = ${tenant} and id > ${after} and state = 'OPEN' order by id limit 500`,

  dropOver: (tenant, floor, now) => sql<{ id: number }>`
    delete from approval where (tenant_number, id) in
      (select tenant_number, id from approval where tenant_number = ${tenant} and id < ${floor} and collect_until < ${now}
       order by id limit 500)
    returning id as "id"`,
}
