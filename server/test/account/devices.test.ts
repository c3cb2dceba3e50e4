/** A person's own devices: what he sees, what he may change after which sign-in (R1), and that nobody else's are there (H3). */
import { readInvitation } from '@countersign/sdk/invitation.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accountEndpoints } from '#account/endpoints.ts'
import { enrolled, givePhone } from '../approve/phones.ts'
import { watchStore } from '../store-work.ts'
import {
  api,
  clientToken,
  engineNames,
  giveAuthenticator,
  giveToken,
  makeUser,
  otp,
  scim,
  startWorld,
  totpAt,
  type World,
} from '../world.ts'
import { ask, byBoth, byCode, byPassword, signIn } from './signed-in.ts'

const STRONGER = 'insufficient_user_authentication'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
  })
  // Time passes in some of the tests.
  beforeEach(async () => {
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const person = () => makeUser(world, bearer)
  /** With a token in use and a phone. */
  async function personWithBoth() {
    const user = await person()
    await giveAuthenticator(world, bearer, user.id)
    const token = await giveToken(world, bearer, user.id)
    const phone = await givePhone(world, bearer, user.id)
    return { user, token, phone }
  }

  test('devices are listed with what they are, what they can do, and when they were used', async () => {
    const { user, token, phone } = await personWithBoth()
    const used = await otp(world, bearer, user.name, totpAt(token.seed, world.now_seconds()))
    expect(used.status).toBe(200)
    const me = await signIn(world, user.id, byBoth(token.deviceId))
    const { status, body } = await me.call('GET', 'devices')
    expect([status, body.changes]).toEqual([200, 'allowed'])
    expect(body.types[0]).toEqual({ id: 'DT_TDSV4', name: 'Approve app' })
    expect(body.devices).toHaveLength(2)
    const [first, second] = body.devices
    expect(first).toMatchObject({
      ...{ id: token.deviceId, type: token.type, serial: token.externalId, status: 'ACTIVE', approve_app: false },
      ...{ friendly_name: null, uses: ['code'], signed_in_with: true },
    })
    expect(Math.abs(Date.parse(first.last_used_at) / 1000 - world.now_seconds())).toBeLessThan(60)
    expect(second).toMatchObject({ id: phone.device, friendly_name: 'Test phone', approve_app: true })
    expect(second.uses).toEqual(expect.arrayContaining(['approve_sign_in', 'approve_action', 'code']))
    expect(second).toMatchObject({ last_used_at: null, signed_in_with: false })
    expect(JSON.stringify(body)).not.toContain(token.seed.toString('hex'))
  })

  test('rename, also to nothing; an event with the person as actor', async () => {
    const { user, token } = await personWithBoth()
    const me = await signIn(world, user.id, byBoth(token.deviceId))
    const named = await me.call('PATCH', `devices/${token.deviceId}`, { friendly_name: '  My key  ' })
    expect(named.status).toBe(204)
    expect((await scim(world, bearer, 'GET', `/Device/${token.deviceId}`)).body.friendlyName).toBe('My key')
    expect((await me.call('PATCH', `devices/${token.deviceId}`, { friendly_name: '' })).status).toBe(204)
    const long = await me.call('PATCH', `devices/${token.deviceId}`, { friendly_name: 'x'.repeat(65) })
    expect(long.status).toBe(400)
    const odd = await me.call('PATCH', `devices/${token.deviceId}`, { friendly_name: 'a\u0007b' })
    expect([odd.status, odd.body.error]).toEqual([400, 'invalid_value'])
  })

  test('a token that is removed becomes nobody’s and keeps its keys; a phone is gone and cannot call any more', async () => {
    const { user, token, phone } = await personWithBoth()
    const me = await signIn(world, user.id, byBoth(token.deviceId))
    expect((await me.call('DELETE', `devices/${phone.device}`)).status).toBe(204)
    expect((await scim(world, bearer, 'GET', `/Device/${phone.device}`)).status).toBe(404)
    await expect(phone.container.inbox()).rejects.toThrow()
    expect((await me.call('DELETE', `devices/${token.deviceId}`)).status).toBe(204)
    const { body } = await scim(world, bearer, 'GET', `/Device/${token.deviceId}`)
    expect([body.owner, body.children.length, body.status.status]).toEqual([undefined, 1, 'ACTIVE'])
    expect((await me.call('GET', 'devices')).body.devices).toEqual([])
    const again = await me.call('DELETE', `devices/${token.deviceId}`)
    expect([again.status, again.body.error]).toEqual([404, 'not_found'])
  })

  test('an app is added by an invitation that is told once; trying again ends the older one', async () => {
    const user = await person()
    const me = await signIn(world, user.id, byPassword)
    const older = await me.call('POST', 'devices')
    const { status, body } = await me.call('POST', 'devices', {})
    expect([older.status, status]).toEqual([201, 201])
    expect(body.device).toBe(older.body.device)
    expect(Math.abs(Date.parse(body.expires_at) / 1000 - world.now_seconds() - 3600)).toBeLessThan(60)
    const list = await me.call('GET', 'devices')
    expect(list.body.devices).toMatchObject([{ id: body.device, status: 'PENDING', uses: [] }])
    expect(list.text).not.toContain(JSON.parse(body.invitation).pss)
    // The server of the tests listens on 127.0.0.1 and is called localhost in invitations.
    const invited = { provision: '', device: body.device, message: body.invitation, file: '' }
    const phone = await enrolled(world, readInvitation(body.invitation), invited)
    expect(phone.device).toBe(body.device)
    const [device] = (await me.call('GET', 'devices')).body.devices
    expect(device).toMatchObject({ status: 'ACTIVE', approve_app: true })
    await expect(enrolled(world, readInvitation(older.body.invitation), invited)).rejects.toThrow()
  })

  test('invitations have a budget', async () => {
    const me = await signIn(world, (await person()).id, byPassword)
    const statuses: number[] = []
    for (let n = 0; n < 11; n++) statuses.push((await me.call('POST', 'devices')).status)
    expect(statuses.slice(0, 10)).toEqual(Array(10).fill(201))
    expect(statuses.at(-1)).toBe(429)
  })

  describe('R1: a weak sign-in takes the place of no strong one', () => {
    async function refusedEverything(userId: string, device: string, how: Parameters<typeof signIn>[2], wait = 0) {
      const me = await signIn(world, userId, how)
      world.pass(wait)
      const answers = [
        await me.call('PATCH', `devices/${device}`, { friendly_name: 'x' }),
        await me.call('DELETE', `devices/${device}`),
        await me.call('POST', 'devices'),
        await me.call('POST', `devices/${device}/confirm`, { code: 'ABCDEF' }),
      ]
      expect(answers.map(({ status, body }) => [status, body.error])).toEqual(Array(4).fill([401, STRONGER]))
      expect(answers[0]?.headers.get('www-authenticate')).toBe(`Bearer error="${STRONGER}"`)
      const { body } = await me.call('GET', 'devices')
      return body.changes
    }

    test('R1: a password, or a password and a code by mail, changes no device of whoever has one in use', async () => {
      const { user, token, phone } = await personWithBoth()
      for (const how of [byPassword, { amr: ['pwd', 'otp'] }, { amr: ['otp', 'sms'] }]) {
        expect(await refusedEverything(user.id, phone.device, how)).toBe('device_needed')
      }
      // A session that was proved with a device of somebody else, or with one that is no more his.
      const other = await personWithBoth()
      expect(await refusedEverything(user.id, token.deviceId, byBoth(other.token.deviceId))).toBe('device_needed')
      const me = await signIn(world, user.id, byBoth(phone.device))
      expect((await me.call('DELETE', `devices/${phone.device}`)).status).toBe(204)
      expect((await me.call('DELETE', `devices/${token.deviceId}`)).body.error).toBe(STRONGER)
    })

    test('R1: a device that an administrator suspended is still protected from a password', async () => {
      const user = await person()
      const { deviceId } = await giveToken(world, bearer, user.id)
      const suspended = await scim(world, bearer, 'PUT', `/Device/${deviceId}`, { status: { status: 'SUSPENDED' } })
      expect(suspended.status).toBe(200)
      expect(await refusedEverything(user.id, deviceId, byPassword)).toBe('device_needed')
    })

    test('R1: one factor alone is good for ten minutes, two for the session', async () => {
      const { user, token, phone } = await personWithBoth()
      expect(await refusedEverything(user.id, phone.device, byCode(token.deviceId), 600)).toBe('sign_in_again')
      const fresh = await signIn(world, user.id, byCode(token.deviceId))
      expect((await fresh.call('PATCH', `devices/${phone.device}`, { friendly_name: 'x' })).status).toBe(204)
      const strong = await signIn(world, user.id, byBoth(token.deviceId))
      world.pass(3000)
      expect((await strong.call('DELETE', `devices/${phone.device}`)).status).toBe(204)
      bearer = await clientToken(world)
      const nobody = await person()
      const late = await signIn(world, nobody.id, byPassword)
      world.pass(601)
      expect((await late.call('POST', 'devices')).body.error).toBe(STRONGER)
    })

    test('R1: the token of an application, of a person through one, or without the scope opens nothing here', async () => {
      const { user, token } = await personWithBoth()
      const { client_id } = world.demo.client
      const other = await signIn(world, user.id, { ...byBoth(token.deviceId), client: client_id })
      const unscoped = await signIn(world, user.id, { ...byBoth(token.deviceId), scope: 'openid profile accounts' })
      for (const { method, path, accepts } of accountEndpoints) {
        if (!path.includes('/account/')) continue
        const place = path.replace('/{tenant}/account/', '').replace('{id}', token.deviceId)
        const body = { code: 'x', friendly_name: 'x', policy: 'AT_STDPWD', old_password: 'x', new_password: 'y' }
        for (const held of [bearer, other.token, unscoped.token]) {
          const { status } = await ask(world, held, method, place, accepts ? body : undefined)
          expect([method, place, status]).toEqual([method, place, 403])
        }
      }
    })

    test('R1: an administrator’s token for his page administers nothing', async () => {
      const admin = await scim(world, bearer, 'POST', '/Users/.search', {
        filter: `externalId eq "${world.demo.admin.externalId}"`,
      })
      const me = await signIn(world, admin.body.resources[0].id, byPassword)
      expect((await me.call('GET', 'devices')).status).toBe(200)
      expect((await scim(world, me.token, 'GET', '/Users')).status).toBe(403)
    })
  })

  test('H3: the device of another person is not found, for the same work as that of nobody', async () => {
    const mine = await personWithBoth()
    const theirs = await personWithBoth()
    const me = await signIn(world, mine.user.id, byBoth(mine.token.deviceId))
    await me.call('GET', 'devices')
    const measured = await watchStore(world)
    for (const [method, path, body] of [
      ['PATCH', '', { friendly_name: 'mine' }],
      ['DELETE', '', undefined],
      ['POST', '/confirm', { code: 'ABCDEF' }],
    ] as const) {
      const seen: unknown[] = []
      for (const id of [theirs.token.deviceId, theirs.phone.device, '999999999', '0', 'abc']) {
        const { answer, cost } = await measured(() => me.call(method, `devices/${id}${path}`, body))
        seen.push({ status: answer.status, text: answer.text, cost })
      }
      for (const one of seen) expect(one).toEqual(seen[0])
      expect(seen[0]).toMatchObject({ status: 404 })
    }
    const { body } = await scim(world, bearer, 'GET', `/Device/${theirs.token.deviceId}`)
    expect([body.owner.value, body.friendlyName]).toEqual([theirs.user.id, undefined])
    expect((await me.call('GET', 'devices')).text).not.toContain(theirs.token.externalId)
  })

  test('only the tenant’s own types may be added where it has some; none that is no approve app', async () => {
    const user = await person()
    const me = await signIn(world, user.id, byPassword)
    for (const type of ['DT_POCK_OT', 'DT_APPR_OT', 'DT_NONE', '__proto__']) {
      const { status, body } = await me.call('POST', 'devices', { type })
      expect([type, status, body.error]).toEqual([type, 400, 'invalid_value'])
    }
    const path = `/configuration/${world.demo.tenant}/v2/Device/Type`
    await api(world, bearer, 'POST', path, { id: 'DT_OURS', copyFrom: 'DT_TDSV4E', name: 'Our app' })
    const offered = (await me.call('GET', 'devices')).body.types
    expect(offered).toEqual([{ id: 'DT_OURS', name: 'Our app' }])
    expect((await me.call('POST', 'devices', { type: 'DT_TDSV4' })).status).toBe(400)
    const { body } = await me.call('POST', 'devices')
    expect(JSON.parse(body.invitation).dty).toBe('DT_OURS')
  })
})
