/**
 * Recovery over the store of a world, for tests: real parts, and a look into the outbox instead of a gateway, because what is sent
 * is sealed there from the beginning. Jobs are stopped, so that nothing is sent away before it is read.
 */
import { randomBytes } from 'node:crypto'
import { Authentication } from '#authentication/authenticate.ts'
import { Budgets } from '#authentication/budgets.ts'
import type { Alongside, Verdict } from '#authentication/proof.ts'
import { Recovery } from '#authentication/recovery.ts'
import type { PasswordChange } from '#authentication/recovery-change.ts'
import type { ResetRequest } from '#authentication/recovery-request.ts'
import type { PasswordReset } from '#authentication/recovery-reset.ts'
import { SprayWatch } from '#authentication/spray-watch.ts'
import type { MessageParcel } from '#domain/parcel.ts'
import type { Policy } from '#domain/policy.ts'
import { rowsOf } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import { openCodeProofs } from '#keys/code-proofs.ts'
import { type HashPool, openHasher } from '#keys/hasher.ts'
import { hmac } from '#keys/hmac.ts'
import { authenticatorQueries } from '#storage/authenticator.ts'
import { budgetQueries } from '#storage/budget.ts'
import { clientQueries } from '#storage/client.ts'
import { loginQueries } from '#storage/login.ts'
import { messageQueries } from '#storage/message.ts'
import { oobQueries } from '#storage/oob.ts'
import { outboxQueries } from '#storage/outbox.ts'
import { proofQueries } from '#storage/proof.ts'
import { recoveryQueries } from '#storage/recovery.ts'
import { sessionQueries } from '#storage/session.ts'
import { sql } from '#storage/sql.ts'
import { userQueries } from '#storage/user.ts'
import { clientToken, type EngineName, givePassword, makeUser, scim, startWorld, token, type World } from '../world.ts'

export const ORIGIN = 'https://sign-in.example'
const ASKING = {
  channel: 'CH_DIRECT',
  client: 'bank',
  actor: { kind: 'client', id: 'bank' },
  correlation: 'c',
} as const
export const ACTION = {
  id: 'action.request_reset_password',
  validity_seconds: 600,
  methods: [
    { method: 'email', template: 'The code is {$secret}. Or: {$link}', html: false },
    { method: 'sms', template: 'Code {$secret} to set a new password.', html: false },
  ],
} as const

export interface Holder {
  readonly id: string
  readonly name: string
  readonly password: string
}

export interface Sent {
  readonly parcel: MessageParcel
  readonly code: string
  readonly token: string
}

export interface RecoveryGround {
  readonly world: World
  readonly bearer: string
  readonly tenant: Tenant
  readonly recovery: Recovery
  readonly hasher: HashPool
  /** Lets time pass; the administrator then has a new token. */
  pass(seconds: number): Promise<void>
  /** A log-on without a session. */
  prove(name: string, secret: string, policy: Policy): Promise<Verdict>
  /** A login of which steps are taken; `heard` gets who was proved. */
  login(limit: number, heard: (number | undefined)[]): Promise<Alongside>
  policy(code?: string, more?: Partial<Policy>): Policy
  /** Somebody with a password, an address and a number. */
  holder(policy?: string, attributes?: Record<string, string>): Promise<Holder>
  change(
    name: string,
    oldPassword: string,
    newPassword: string,
    more?: Partial<PasswordChange>,
  ): ReturnType<Recovery['change']>
  ask(name: string, more?: Partial<ResetRequest>): ReturnType<Recovery['requestReset']>
  byCode(name: string, resetCode: string, newPassword: string, more?: object): ReturnType<Recovery['reset']>
  byLink(token: string, newPassword: string, more?: object): ReturnType<Recovery['reset']>
  /** Messages that wait, decoys included, the newest first. */
  sent(): Promise<readonly Sent[]>
  /** Status of a log-on. */
  logOn(name: string, password: string, authType?: string): Promise<number>
}

export const freshPassword = () => `Nu-${randomBytes(9).toString('base64url')}-7x`

export async function recoveryGround(engine: EngineName = 'SQLite'): Promise<RecoveryGround> {
  const world = await startWorld(engine)
  await world.quiet()
  let bearer = await clientToken(world)
  const { ground, office } = world
  const { store, clock, recorder } = ground
  const tenant = await office.directory.find(world.demo.tenant)
  if (!tenant) throw new Error('no demo tenant')
  const hasher = await openHasher({ waiting: 64 })
  const budgets = new Budgets({ store, rows: budgetQueries, clock })
  const watch = new SprayWatch({ budgets, store, recorder, now: () => clock.now() })
  const needs = {
    ...{ store, clock, recorder, random: ground.random, happenings: ground.happenings, hasher, hmac },
    ...{
      proofs: proofQueries,
      oob: oobQueries,
      sessions: sessionQueries,
      clients: clientQueries,
      budgets: budgetQueries,
    },
    ...{ messages: messageQueries, outbox: outboxQueries, users: userQueries, authenticators: authenticatorQueries },
    recoveries: recoveryQueries,
    handles: ground.handleKeys.handles,
    codes: openCodeProofs(ground.storeKeys.inviteKey),
    watch,
    reload: (known: Tenant) => office.directory.reload(known),
    nudge() {},
  }
  const recovery = new Recovery(needs)
  const authentication = new Authentication(needs, watch)
  const policy = (code = 'AT_CUSTPWD', more: Partial<Policy> = {}): Policy => {
    const found = tenant.configuration.findPolicy(code)
    if (!found) throw new Error(`no policy ${code}`)
    return { ...found, ...more }
  }
  const shared = (name: string) => ({ ...ASKING, name, policy: policy() })
  return {
    ...{ world, tenant, recovery, hasher, policy },
    get bearer() {
      return bearer
    },
    async pass(seconds) {
      world.pass(seconds)
      bearer = await clientToken(world)
    },
    prove: (name, secret, wanted) =>
      authentication.prove(tenant, {
        ...{ ...shared(name), policy: wanted, secret, mode: 'SYNCHRONOUS', device: undefined },
        ...{ values: [], scope: '', session: false },
      }),
    async login(limit, heard) {
      const id = ground.happenings.next()
      const row = { id, proof: randomBytes(32), client: 'bank', request: '{}', workflow: '' }
      const times = { createdAt: clock.now(), expiresAt: clock.now() + 600_000 }
      await store.write(tenant.number, () => rowsOf(loginQueries.add(tenant.number, { ...row, ...times })))
      return {
        reserve: loginQueries.takeTry(tenant.number, id, 'action', limit, 0),
        settle(accepted) {
          heard.push(accepted?.user)
          return []
        },
      }
    },
    async holder(code = 'AT_CUSTPWD', attributes = {}) {
      const user = await makeUser(world, bearer)
      const values = { ATR_EMAIL: `${user.id}@mail.example`, ATR_MOBILE: `+49170${user.id}`, ...attributes }
      const changed = await scim(world, bearer, 'PUT', `/Users/${user.id}`, {
        'urn:hid:scim:api:idp:2.0:UserAttribute': {
          attributes: Object.entries(values).map(([name, value]) => ({ name, value })),
        },
      })
      if (changed.status !== 200) throw new Error(`no address: ${changed.text}`)
      return { ...user, password: await givePassword(world, bearer, user.id, code) }
    },
    change: (name, oldPassword, newPassword, more = {}) =>
      recovery.change(tenant, { ...shared(name), oldPassword, newPassword, ...more }),
    ask: (name, more = {}) =>
      recovery.requestReset(tenant, {
        ...{ ...shared(name), action: ACTION, method: 'email', application: 'The Bank', origin: ORIGIN, loginId: 7 },
        ...more,
      }),
    byCode: (name, resetCode, newPassword, more = {}) =>
      recovery.reset(tenant, {
        ...{ ...shared(name), actionIds: [ACTION.id], loginId: 7, resetCode, newPassword },
        ...more,
      } satisfies PasswordReset),
    byLink: (linked, newPassword, more = {}) =>
      recovery.reset(tenant, { ...ASKING, token: linked, newPassword, ...more }),
    async sent() {
      const rows = await store.read(tenant.number, () =>
        rowsOf(sql<{ id: number; body: Uint8Array }>`
          select id as "id", body as "body" from outbox
          where tenant_number = ${tenant.number} and kind = 'message' order by id desc`),
      )
      return rows.map(({ id, body }) => {
        const plain = tenant.sealer.unseal({ table: 'outbox', column: 'body', row: String(id) }, body)
        const parcel = JSON.parse(Buffer.from(plain).toString('utf8')) as MessageParcel
        const code = /\b\d{8}\b/.exec(parcel.text)?.[0] ?? ''
        return { parcel, code, token: /token=([\w-]+)/.exec(parcel.text)?.[1] ?? '' }
      })
    },
    async logOn(username, password, authType = 'AT_CUSTPWD') {
      const login = { grant_type: 'password', username, password, authType }
      return (await token(world, login, { authorization: `Bearer ${bearer}` })).status
    },
  }
}
