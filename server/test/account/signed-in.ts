/** Somebody signed in to his own page: a session of the page's client, opened straight in the store, and calls with its token. */
import { openSession } from '#authentication/open-session.ts'
import { sessionQueries } from '#storage/session.ts'
import { type Reply, send, type World } from '../world.ts'

export interface SignedIn {
  readonly token: string
  call(method: string, path: string, body?: object): Promise<Reply>
}

export interface How {
  readonly amr: readonly string[]
  readonly device?: string
  readonly scope?: string
  readonly client?: string
}

export const byPassword: How = { amr: ['pwd'] }
export const byBoth = (device: string): How => ({ amr: ['pwd', 'otp'], device })
export const byCode = (device: string): How => ({ amr: ['otp'], device })

export async function signIn(world: World, userId: string, how: How): Promise<SignedIn> {
  const tenant = await world.office.directory.find(world.demo.tenant)
  const policy = tenant?.configuration.findPolicy('AT_STDPWD')
  if (!tenant || !policy) throw new Error('no demo tenant')
  const { store, happenings, recorder, clock, handleKeys } = world.ground
  const user = Number(userId)
  const event = recorder.record(tenant.number, {
    action: 'signIn',
    result: 'SUCCESS',
    actor: { kind: 'user', id: user },
    user,
    parameters: {},
  })
  const needs = { handles: handleKeys.handles, happenings, sessions: sessionQueries }
  const opened = openSession(needs, tenant, {
    user,
    client: how.client ?? 'account',
    policy: { ...policy, sessionIdle_ms: 3_600_000 },
    amr: how.amr,
    scope: how.scope ?? 'openid profile account',
    device: how.device === undefined ? null : Number(how.device),
    event: event.id,
    now_ms: clock.now(),
  })
  await store.write(tenant.number, function* () {
    yield [...event.queries, ...opened.queries]
  })
  const { token } = opened.grant
  return { token, call: (method, path, body) => ask(world, token, method, path, body) }
}

export const ask = (world: World, token: string, method: string, path: string, body?: object): Promise<Reply> =>
  send(`${world.base}/${world.demo.tenant}/account/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
