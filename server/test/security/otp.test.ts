/** One-time codes, lockout, secrets of clients: what went wrong elsewhere, tried against a whole server. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { first, rowsOf } from '#domain/ports/store.ts'
import { challengeBody } from '../openid/holder.ts'
import {
  basic,
  clientToken,
  engineNames,
  form,
  giveAuthenticator,
  givePassword,
  giveToken,
  hotpOf,
  makeUser,
  otherCode,
  otp,
  response,
  scim,
  send,
  startWorld,
  token,
  totpAt,
  type World,
} from '../world.ts'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const holder = async (type: string) => {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    return { ...user, token: await giveToken(world, bearer, user.id, type) }
  }

  test('O1: a time code works once, in a row and in parallel', async () => {
    const { name, token: held } = await holder('DT_POCK_OT')
    const code = totpAt(held.seed, world.now_seconds())
    const answers = await Promise.all(Array.from({ length: 20 }, () => otp(world, bearer, name, code)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect((await otp(world, bearer, name, code)).body.error).toBe('invalid_grant')
  })

  test('O1: a code of an earlier step inside the window is dead once a later one was used', async () => {
    const { name, token: held } = await holder('DT_POCK_OT')
    const now = world.now_seconds()
    expect((await otp(world, bearer, name, totpAt(held.seed, now))).status).toBe(200)
    expect((await otp(world, bearer, name, totpAt(held.seed, now - 30))).status).toBe(400)
  })

  test('O1: an event code works once, also when codes were skipped', async () => {
    const { name, token: held } = await holder('DT_POCK_OE')
    expect((await otp(world, bearer, name, hotpOf(held.seed, 0))).status).toBe(200)
    expect((await otp(world, bearer, name, hotpOf(held.seed, 3))).status).toBe(200)
    for (const used of [0, 1, 2, 3]) expect((await otp(world, bearer, name, hotpOf(held.seed, used))).status).toBe(400)
    expect((await otp(world, bearer, name, hotpOf(held.seed, 4))).status).toBe(200)
  })

  test('O1: a response answers its challenge once, a signature signs its values once', async () => {
    const { id, name, token: held } = await holder('DT_POCK_OC')
    const asked = await scim(world, bearer, 'POST', `/Authenticator/${id}.AT_OTP`, {
      'urn:hid:scim:api:idp:2.0:Action': {
        action: 'DEVICE-CHALLENGE',
        attributes: [
          { name: 'DEVICE.ID', value: held.deviceId },
          { name: 'CHANNEL', value: 'CH_EXTRAPP' },
        ],
      },
    })
    const code = response(held.seed, asked.body.attributes[0].value)
    const more = { mode: 'ASYNCHRONOUS', device_id: held.deviceId, channel: 'CH_EXTRAPP' }
    const answers = await Promise.all(Array.from({ length: 10 }, () => otp(world, bearer, name, code, more)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)

    const signer = await holder('DT_POCK_TD')
    const signature = response(signer.token.seed, '1122*3344*5566', 'OCRA-1:HOTP-SHA1-8:QA64')
    const values = {
      mode: 'SIGNING',
      device_id: signer.token.deviceId,
      context: 'sign1:1122:false sign2:3344:false sign3:5566:true',
    }
    const signed = await Promise.all(
      Array.from({ length: 10 }, () => otp(world, bearer, signer.name, signature, values)),
    )
    expect(signed.filter(({ status }) => status === 200)).toHaveLength(1)
    const moved = { ...values, context: 'sign1:112233:false sign2:44:false sign3:5566:true' }
    expect((await otp(world, bearer, signer.name, signature, moved)).status).toBe(400)
  })

  test('O1: a key that was removed and imported again accepts nothing twice', async () => {
    const { id, name, token: held } = await holder('DT_POCK_OE')
    for (const counter of [0, 1, 2]) {
      expect((await otp(world, bearer, name, hotpOf(held.seed, counter))).status).toBe(200)
    }
    expect((await scim(world, bearer, 'DELETE', `/Device/${held.deviceId}`)).status).toBe(204)
    await giveToken(world, bearer, id, held.type, held)
    for (const used of [0, 1, 2]) expect((await otp(world, bearer, name, hotpOf(held.seed, used))).status).toBe(400)
    expect((await otp(world, bearer, name, hotpOf(held.seed, 3))).status).toBe(200)

    const signer = await holder('DT_POCK_TD')
    const sign = (device: string) => {
      const code = response(signer.token.seed, '1*2*3', 'OCRA-1:HOTP-SHA1-8:QA64')
      const context = 'sign1:1:false sign2:2:false sign3:3:false'
      return otp(world, bearer, signer.name, code, { mode: 'SIGNING', device_id: device, context, noToken: '1' })
    }
    expect((await sign(signer.token.deviceId)).status).toBe(200)
    expect((await scim(world, bearer, 'DELETE', `/Device/${signer.token.deviceId}`)).status).toBe(204)
    const again = await giveToken(world, bearer, signer.id, signer.token.type, signer.token)
    expect((await sign(again.deviceId)).status).toBe(400)
  })

  test('O2: synchronising never goes back to a code that was used', async () => {
    const { id, name, token: held } = await holder('DT_POCK_OE')
    for (const counter of [0, 1, 2])
      expect((await otp(world, bearer, name, hotpOf(held.seed, counter))).status).toBe(200)
    const synchronise = (first: number, second: number) =>
      scim(world, bearer, 'POST', `/Device/${held.deviceId}`, {
        'urn:hid:scim:api:idp:2.0:Action': {
          action: 'AUTO-SYNCH',
          attributes: [
            { name: 'OTP', value: hotpOf(held.seed, first) },
            { name: 'OTP2', value: hotpOf(held.seed, second) },
          ],
        },
      })
    expect((await synchronise(0, 1)).status).toBe(400)
    expect((await synchronise(1, 2)).status).toBe(400)
    expect((await synchronise(60, 61)).status).toBe(200)
    for (const counter of [2, 3, 60, 61])
      expect((await otp(world, bearer, name, hotpOf(held.seed, counter))).status).toBe(400)
    expect((await otp(world, bearer, name, hotpOf(held.seed, 62))).status).toBe(200)
    expect(id).toMatch(/^\d+$/)
  })

  test('O3: 200 parallel wrong guesses meet the limit, over sessions, devices and clients', async () => {
    const { id, name, token: held } = await holder('DT_POCK_OT')
    await giveToken(world, bearer, id, 'DT_POCK_OE')
    const other = await clientToken(world)
    const wrong = otherCode(totpAt(held.seed, world.now_seconds()))
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        otp(world, n % 2 ? bearer : other, name, wrong, n % 3 ? {} : { device_id: held.deviceId }),
      ),
    )
    expect(answers.every(({ status }) => status === 400)).toBe(true)
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${id}.AT_OTP`)
    expect(Number(body.statistics.consecutiveFailed)).toBeLessThanOrEqual(8)
    expect(body.status.active).toBe(false)
    expect((await otp(world, bearer, name, totpAt(held.seed, world.now_seconds()))).status).toBe(400)
  })

  test('O4: synchronising does not tell which of the two codes was wrong', async () => {
    const { token: held } = await holder('DT_POCK_OE')
    const tryCodes = async (first: string, second: string) => {
      const { status, text } = await scim(world, bearer, 'POST', `/Device/${held.deviceId}`, {
        'urn:hid:scim:api:idp:2.0:Action': {
          action: 'AUTO-SYNCH',
          attributes: [
            { name: 'OTP', value: first },
            { name: 'OTP2', value: second },
          ],
        },
      })
      return `${status} ${text}`
    }
    const first = await tryCodes(otherCode(hotpOf(held.seed, 30)), hotpOf(held.seed, 31))
    const second = await tryCodes(hotpOf(held.seed, 30), otherCode(hotpOf(held.seed, 31)))
    expect(first).toBe(second)
  })

  test('O5: wrong secrets never lock a client; they slow down only the source that sends them', async () => {
    const { client_id, client_secret } = world.demo.rp
    const grant = { grant_type: 'client_credentials' }
    for (let round = 0; round < 20; round++) {
      await Promise.all(Array.from({ length: 25 }, () => token(world, { ...grant, client_id, client_secret: 'wrong' })))
    }
    expect([400, 429]).toContain((await token(world, { ...grant, client_id, client_secret: 'wrong' })).status)
    world.pass(61)
    expect((await token(world, grant, { authorization: basic(client_id, client_secret) })).status).toBe(200)
  })

  test('O6: a block lifts itself, and the next one lasts twice as long', async () => {
    const user = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, user.id)
    const login = (secret: string) =>
      token(
        world,
        { grant_type: 'password', username: user.name, password: secret, authType: 'AT_STDPWD', noToken: '1' },
        {
          authorization: `Bearer ${bearer}`,
        },
      )
    const fail = async (times: number) => {
      for (let n = 0; n < times; n++) await login(`wrong-${n}`)
    }
    await fail(8)
    expect((await login(password)).status).toBe(400)
    world.pass(901)
    bearer = await clientToken(world)
    await fail(8)
    world.pass(901)
    bearer = await clientToken(world)
    expect((await login(password)).status).toBe(400)
    world.pass(901)
    bearer = await clientToken(world)
    expect((await login(password)).status).toBe(200)
  })

  test('E2: whoever locks one authenticator leaves the others', async () => {
    const { id, name, token: held } = await holder('DT_POCK_OT')
    const password = await givePassword(world, bearer, id)
    for (let n = 0; n < 9; n++) await otp(world, bearer, name, '000000')
    expect((await otp(world, bearer, name, totpAt(held.seed, world.now_seconds()))).status).toBe(400)
    const login = { grant_type: 'password', username: name, password, authType: 'AT_STDPWD' }
    expect((await token(world, login, { authorization: `Bearer ${bearer}` })).status).toBe(200)
  })

  test('O3: counts are the authenticator’s: new tokens, clients, doors and devices find no fresh ones', async () => {
    const { id, name, token: held } = await holder('DT_POCK_OT')
    const { client_id, client_secret } = world.demo.rp
    const code = otherCode(totpAt(held.seed, world.now_seconds()))
    const login = { grant_type: 'password', username: name, password: code, authType: 'AT_OTP' }
    const under = `${world.base}/idp/${world.demo.tenant}/authn/token`
    for (let n = 0; n < 3; n++) {
      await token(world, login, { authorization: `Bearer ${await clientToken(world)}` })
      await token(world, { ...login, client_id, client_secret })
      await send(under, {
        method: 'POST',
        headers: { authorization: `Bearer ${bearer}`, 'x-forwarded-for': `10.0.0.${n}` },
        body: form({ ...login, channel: 'CH_SSP' }),
      })
    }
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${id}.AT_OTP`)
    expect([body.statistics.consecutiveFailed, body.status.active]).toEqual(['8', false])
    expect((await otp(world, bearer, name, totpAt(held.seed, world.now_seconds()))).status).toBe(400)
  })

  test('O3: a fresh challenge is no fresh budget', async () => {
    const { id, name, token: held } = await holder('DT_POCK_OC')
    const ask = () => scim(world, bearer, 'POST', `/Authenticator/${id}.AT_OTP`, challengeBody(held.deviceId))
    const more = { mode: 'ASYNCHRONOUS', device_id: held.deviceId }
    const asked: number[] = []
    for (let n = 0; n < 10; n++) {
      asked.push((await ask()).status)
      await otp(world, bearer, name, '00000000', more)
    }
    expect(asked).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 400, 400])
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${id}.AT_OTP`)
    expect(body.statistics.consecutiveFailed).toBe('8')
  })

  test('O3: over all factors of a user a wider budget holds', async () => {
    const user = await makeUser(world, bearer)
    const policies = ['AT_OTP', 'AT_EMPOTP', 'AT_CUSTOTP']
    for (const policy of policies) await giveAuthenticator(world, bearer, user.id, policy)
    const passwords = ['AT_STDPWD', 'AT_CUSTPWD', 'AT_CUSTPW', 'AT_EMPPWD']
    for (const policy of passwords) {
      const made = await scim(world, bearer, 'POST', '/Authenticator', {
        policy: { value: policy },
        owner: { value: user.id },
        'urn:hid:scim:api:idp:2.0:Password': { password: 'Vexing-Lark-82' },
      })
      expect(made.status).toBe(201)
    }
    for (const authType of [...policies, ...passwords]) {
      for (let n = 0; n < 8; n++) await otp(world, bearer, user.name, '000000', { authType })
    }
    const failed = await Promise.all(
      [...policies, ...passwords].map(async policy => {
        const { body } = await scim(world, bearer, 'GET', `/Authenticator/${user.id}.${policy}`)
        return Number(body.statistics.consecutiveFailed)
      }),
    )
    // Seven authenticators with eight each would be 56; the user has 50.
    expect(failed.reduce((sum, one) => sum + one, 0)).toBe(50)
  })

  test('O5: a source that fails is slowed down, another client and the right secret from elsewhere are not', async () => {
    const { client_id } = world.demo.rp
    const wrong = { grant_type: 'client_credentials', client_id, client_secret: 'wrong' }
    for (let n = 0; n < 40; n++) await token(world, wrong)
    const slowed = await token(world, wrong)
    expect([slowed.status, slowed.body.error]).toEqual([429, 'temporarily_unavailable'])
    expect(Number(slowed.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await clientToken(world)).length).toBe(40)
    world.pass(61)
    bearer = await clientToken(world)
  })

  test('O6: a hundred failures in a row close it until somebody opens it, however long one waits', async () => {
    const { id, name, token: held } = await holder('DT_POCK_OT')
    for (let round = 0; round < 14; round++) {
      for (let n = 0; n < 9; n++) await otp(world, bearer, name, '000000')
      world.pass(86_401)
      bearer = await clientToken(world)
    }
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${id}.AT_OTP`)
    expect(Number(body.statistics.consecutiveFailed)).toBe(100)
    world.pass(30 * 86_400)
    bearer = await clientToken(world)
    expect((await otp(world, bearer, name, totpAt(held.seed, world.now_seconds()))).status).toBe(400)
    const reset = { 'urn:hid:scim:api:idp:2.0:Action': { action: 'RESET' } }
    expect((await scim(world, bearer, 'POST', `/Authenticator/${id}.AT_OTP`, reset)).status).toBe(200)
    expect((await otp(world, bearer, name, totpAt(held.seed, world.now_seconds()))).status).toBe(200)
  })

  test('O6: after two failures the look-ahead is three', async () => {
    const { name, token: held } = await holder('DT_POCK_OE')
    for (let n = 0; n < 3; n++) await otp(world, bearer, name, otherCode(hotpOf(held.seed, 0)))
    expect((await otp(world, bearer, name, hotpOf(held.seed, 10))).status).toBe(400)
    expect((await otp(world, bearer, name, hotpOf(held.seed, 3))).status).toBe(200)
    expect((await otp(world, bearer, name, hotpOf(held.seed, 14))).status).toBe(200)
  })

  test('O6: many failures over many users are told to the audit once a minute, and refuse nobody', async () => {
    const alerts = async () => {
      const text = "select count(*) as n from audit_event where tenant_number = ?1 and body like '%tooManyFailures%'"
      const row = await world.ground.store.read(1, () =>
        first<{ n: number }>({ name: 'test_alerts', text, values: [1] }),
      )
      return Number(row?.n)
    }
    const before = await alerts()
    for (let batch = 0; batch < 6; batch++) {
      await Promise.all(Array.from({ length: 100 }, (_, n) => otp(world, bearer, `nobody-${batch}-${n}`, '000000')))
    }
    expect(await alerts()).toBeGreaterThan(before)
    const { name, token: held } = await holder('DT_POCK_OT')
    expect((await otp(world, bearer, name, totpAt(held.seed, world.now_seconds()))).status).toBe(200)
  })

  test('E2: names of others cannot lock: a failure counts for the one user who was named', async () => {
    const victim = await holder('DT_POCK_OT')
    for (const name of [
      `${victim.name} `,
      ` ${victim.name}`,
      `${victim.name}\u200b`,
      `${victim.name}%`,
      victim.token.externalId,
    ]) {
      for (let n = 0; n < 9; n++) await otp(world, bearer, name, '000000')
    }
    expect((await otp(world, bearer, victim.name, totpAt(victim.token.seed, world.now_seconds()))).status).toBe(200)
  })

  test('E2: whoever may, unlocks; and it is in the audit', async () => {
    const { id, name, token: held } = await holder('DT_POCK_OT')
    for (let n = 0; n < 9; n++) await otp(world, bearer, name, '000000')
    const reset = { 'urn:hid:scim:api:idp:2.0:Action': { action: 'RESET' } }
    expect((await scim(world, bearer, 'POST', `/Authenticator/${id}.AT_OTP`, reset)).status).toBe(200)
    expect((await otp(world, bearer, name, totpAt(held.seed, world.now_seconds()))).status).toBe(200)
    const text = 'select body as "body" from audit_event where tenant_number = ?1 order by id desc'
    const events = await world.ground.store.read(1, () =>
      rowsOf<{ body: string }>({ name: 'test_events', text, values: [1] }),
    )
    const told = events.map(({ body }) => JSON.parse(body)).filter(({ user }) => String(user) === id)
    expect(told.map(({ action }) => action).some(action => /reset|unlock/i.test(action))).toBe(true)
  })
})
