/**
 * Status and dates of user, authenticator, device and key, each switched off at each moment it is asked for: when a
 * challenge is wanted, when the answer comes, when the token is used. Every cell says no, and says yes again afterwards.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { first } from '#domain/ports/store.ts'
import {
  clientToken,
  engineNames,
  givePassword,
  otp,
  response,
  scim,
  send,
  startWorld,
  token,
  type World,
} from '../world.ts'
import { answered, askChallenge, codeNow, type Holder, holderOf, SIGNED_VALUES, SIGNING_SUITE } from './holder.ts'

const PAST = '2015-05-15T18:15:21Z'
const LATER_PAST = '2016-05-15T18:15:21Z'
const FUTURE = '2099-05-15T18:15:21Z'
const LATER_FUTURE = '2100-05-15T18:15:21Z'
const EXPIRED = { startDate: PAST, expiryDate: LATER_PAST }
const NOT_YET = { startDate: FUTURE, expiryDate: LATER_FUTURE }
const NOW = { startDate: PAST, expiryDate: FUTURE }

type Thing = 'user' | 'authenticator' | 'device' | 'credential'
interface Obstacle {
  readonly name: string
  readonly thing: Thing
  readonly off: object
  readonly on: object
}

const dated = (thing: Thing): Obstacle[] => [
  { name: `${thing} expired`, thing, off: { status: EXPIRED }, on: { status: NOW } },
  { name: `${thing} not yet valid`, thing, off: { status: NOT_YET }, on: { status: NOW } },
]
const obstacles: readonly Obstacle[] = [
  { name: 'user disabled', thing: 'user', off: { active: false }, on: { active: true } },
  {
    name: 'authenticator disabled',
    thing: 'authenticator',
    off: { status: { status: 'DISABLED' } },
    on: { status: { status: 'ENABLED' } },
  },
  ...dated('authenticator'),
  {
    name: 'device suspended',
    thing: 'device',
    off: { status: { status: 'SUSPENDED' } },
    on: { status: { status: 'ACTIVE' } },
  },
  ...dated('device'),
  {
    name: 'credential suspended',
    thing: 'credential',
    off: { status: { status: 'SUSPENDED' } },
    on: { status: { status: 'ACTIVE' } },
  },
  ...dated('credential'),
]

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const pathOf = async ({ id, token: { deviceId } }: Holder, thing: Thing, policy = 'AT_OTP') => {
    if (thing === 'user') return `/Users/${id}`
    if (thing === 'authenticator') return `/Authenticator/${id}.${policy}`
    if (thing === 'device') return `/Device/${deviceId}`
    const { body } = await scim(world, bearer, 'GET', `/Device/${deviceId}`)
    return `/Credential/${body.children[0].value}`
  }
  const set = async (path: string, change: object) => {
    const { status, text } = await scim(world, bearer, 'PUT', path, change)
    expect([path, status, status === 200 ? '' : text]).toEqual([path, 200, ''])
  }
  const lastUse = () =>
    world.ground.store.read(1, function* () {
      const text = "select max(last_used_at) as at from session where policy = 'AT_OTP' and tenant_number = ?1"
      const row = yield* first<{ at: number }>({ name: 'test_last_use', text, values: [1] })
      return Number(row?.at)
    })
  const userinfo = (by: string) =>
    send(`${world.base}/${world.demo.tenant}/authn/userinfo`, { headers: { authorization: `Bearer ${by}` } })

  test.each(obstacles)('$name: no one-time code', async ({ thing, off, on }) => {
    const holder = await holderOf(world, bearer)
    const path = await pathOf(holder, thing)
    const code = codeNow(world, holder)
    await set(path, off)
    const refused = await otp(world, bearer, holder.name, code)
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant'])
    await set(path, on)
    expect((await otp(world, bearer, holder.name, code)).status).toBe(200)
  })

  test.each(obstacles)(
    '$name: no challenge, and no answer to one that was given before',
    async ({ thing, off, on }) => {
      const holder = await holderOf(world, bearer, 'DT_POCK_OC')
      const path = await pathOf(holder, thing)
      const more = { mode: 'ASYNCHRONOUS', device_id: holder.token.deviceId }
      const code = await answered(world, bearer, holder)
      await set(path, off)
      const asked = await askChallenge(world, bearer, holder)
      expect([asked.status, asked.body.attributes]).toEqual([400, undefined])
      expect((await otp(world, bearer, holder.name, code, more)).body.error).toBe('invalid_grant')
      await set(path, on)
      expect((await otp(world, bearer, holder.name, code, more)).status).toBe(200)
    },
  )

  test.each(obstacles)('$name: no transaction signature', async ({ thing, off, on }) => {
    const holder = await holderOf(world, bearer, 'DT_POCK_TD')
    const path = await pathOf(holder, thing)
    const code = response(holder.token.seed, SIGNED_VALUES, SIGNING_SUITE)
    const more = { mode: 'SIGNING', noToken: '1', context: 'sign1:1122:false sign2:3344:false sign3:5566:false' }
    await set(path, off)
    expect((await otp(world, bearer, holder.name, code, more)).body.error).toBe('invalid_grant')
    await set(path, on)
    expect((await otp(world, bearer, holder.name, code, more)).status).toBe(200)
  })

  test.each(obstacles.filter(({ thing }) => thing === 'user' || thing === 'authenticator'))(
    '$name: no password',
    async ({ thing, off, on }) => {
      const holder = await holderOf(world, bearer)
      const password = await givePassword(world, bearer, holder.id)
      const path = await pathOf(holder, thing, 'AT_STDPWD')
      const login = { grant_type: 'password', username: holder.name, password, authType: 'AT_STDPWD', noToken: '1' }
      const tried = () => token(world, login, { authorization: `Bearer ${bearer}` })
      await set(path, off)
      expect((await tried()).body.error).toBe('invalid_grant')
      await set(path, on)
      expect((await tried()).status).toBe(200)
    },
  )

  test('a pending device gives nothing; a revoked one never again', async () => {
    const holder = await holderOf(world, bearer)
    await set(`/Device/${holder.token.deviceId}`, { status: { status: 'REVOKED' } })
    expect((await otp(world, bearer, holder.name, codeNow(world, holder))).status).toBe(400)
    const back = await scim(world, bearer, 'PUT', `/Device/${holder.token.deviceId}`, { status: { status: 'ACTIVE' } })
    expect(back.status).toBe(400)
  })

  test('a device that was taken away, or given to somebody else, proves nothing about the first holder', async () => {
    const first = await holderOf(world, bearer)
    const second = await holderOf(world, bearer)
    await set(`/Device/${first.token.deviceId}`, { owner: { value: '' } })
    const code = codeNow(world, first)
    const more = { device_id: first.token.deviceId }
    expect((await otp(world, bearer, first.name, code)).status).toBe(400)
    await set(`/Device/${first.token.deviceId}`, { owner: { value: second.id } })
    expect((await otp(world, bearer, first.name, code, more)).status).toBe(400)
    expect((await otp(world, bearer, second.name, code, more)).status).toBe(200)
  })

  test('a challenge given to one holder is not answered by the next one', async () => {
    const first = await holderOf(world, bearer, 'DT_POCK_OC')
    const second = await holderOf(world, bearer, 'DT_POCK_OC')
    const code = await answered(world, bearer, first)
    await set(`/Device/${first.token.deviceId}`, { owner: { value: second.id } })
    const more = { mode: 'ASYNCHRONOUS', device_id: first.token.deviceId }
    expect((await otp(world, bearer, second.name, code, more)).body.error).toBe('invalid_grant')
    expect((await otp(world, bearer, first.name, code, more)).body.error).toBe('invalid_grant')
  })

  test('a user who was disabled loses the tokens he has, for good; his status is asked at every use', async () => {
    const holder = await holderOf(world, bearer)
    const mine = (await otp(world, bearer, holder.name, codeNow(world, holder))).body.access_token as string
    expect((await userinfo(mine)).status).toBe(200)
    await set(`/Users/${holder.id}`, { active: false })
    expect((await userinfo(mine)).status).toBe(401)
    await set(`/Users/${holder.id}`, { active: true })
    expect((await userinfo(mine)).status).toBe(401)
  })

  test('a user who was removed loses the tokens he has', async () => {
    const holder = await holderOf(world, bearer)
    const mine = (await otp(world, bearer, holder.name, codeNow(world, holder))).body.access_token as string
    expect((await scim(world, bearer, 'DELETE', `/Users/${holder.id}`)).status).toBe(204)
    expect((await userinfo(mine)).status).toBe(401)
    expect((await otp(world, bearer, holder.name, codeNow(world, holder))).status).toBe(400)
  })

  test('a role that was taken away is gone from the tokens that exist', async () => {
    const { externalId, password } = world.demo.admin
    const login = { grant_type: 'password', username: externalId, password, authType: 'AT_STDPWD' }
    const own = (await token(world, login, { authorization: `Bearer ${bearer}` })).body.access_token as string
    const { body } = await scim(world, bearer, 'POST', '/Users/.search', { filter: `externalId eq ${externalId}` })
    expect((await scim(world, own, 'GET', '/Users')).status).toBe(200)
    await set(`/Users/${body.resources[0].id}`, { roles: [{ value: 'RL_AUDITV' }] })
    expect((await scim(world, own, 'GET', '/Users')).status).toBe(403)
    await set(`/Users/${body.resources[0].id}`, { roles: [{ value: 'RL_ORGADMIN' }] })
  })

  test('a token ends with its session: idle for longer than its policy allows, or its day over', async () => {
    const holder = await holderOf(world, bearer)
    const idle = (await otp(world, bearer, holder.name, codeNow(world, holder))).body.access_token as string
    world.pass(599)
    const used_at = world.ground.clock.now()
    expect((await userinfo(idle)).status).toBe(200)
    // The last use is written by a job, beside the answer.
    await expect.poll(lastUse, { timeout: 10_000 }).toBeGreaterThanOrEqual(used_at)
    world.pass(500)
    expect((await userinfo(idle)).status).toBe(200)
    world.pass(1300)
    expect((await userinfo(idle)).status).toBe(401)
    bearer = await clientToken(world)
  })
})
