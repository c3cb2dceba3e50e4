/** Codes by mail and SMS over the token endpoint: sent, proved once, dead after wrong entries; what is never told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { basic, clientToken, engineNames, otherCode, scim, token } from '../world.ts'
import { ask, makePerson, messagesTo, newest, type OobWorld, register, send, startOob } from './people.ts'

describe.each(engineNames)('on %s', engine => {
  let given: OobWorld
  beforeAll(async () => {
    given = await startOob(engine)
  })
  afterAll(() => given.world.close())

  test('G7: `null` has a code sent, which signs in, once', async () => {
    const person = await makePerson(given)
    const made = await register(given, person, { activationCode: 'null' })
    expect([made.status, made.body.id]).toEqual([201, `${person.id}.AT_OOB`])
    const sent = await send(given, person)
    expect(sent.body).toEqual({
      access_token: 'IA==',
      token_type: 'Bearer',
      context: { AUTHENTICATION_OOB_SENT: 'true' },
    })
    const code = await newest(given, person.mobile)
    const done = await ask(given, person.name, code)
    expect([done.status, done.body.access_token.length]).toEqual([200, 40])
    const again = await ask(given, person.name, code)
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant'])
  })

  test('T11: an activation code sends; a wrong one, none and somebody else’s do not', async () => {
    const person = await makePerson(given)
    await register(given, person, { policy: 'AT_OOBSMS', deviceType: 'DT_OOBSMS', activationCode: 'Ac-1234' })
    const sms = { authType: 'AT_OOBSMS' }
    const wrong = await send(given, person, 'Ac-1235', sms)
    expect([wrong.status, wrong.body.error]).toEqual([400, 'invalid_grant'])
    // Nothing is told to who shows nothing, and nothing is sent.
    expect((await send(given, person, 'null', sms)).body.context).toEqual({ AUTHENTICATION_OOB_SENT: 'true' })
    expect((await send(given, person, 'Ac-1234', sms)).status).toBe(200)
    const code = await newest(given, person.mobile)
    expect((await messagesTo(given, person.mobile)).length).toBe(1)
    expect((await ask(given, person.name, code, { ...sms, noToken: '1' })).body).toEqual({
      access_token: 'IA==',
      token_type: 'Bearer',
    })
    const { body } = await scim(given.world, given.bearer, 'GET', `/Authenticator/${person.id}.AT_OOBSMS`)
    expect([body.statistics.consecutiveFailed, body.statistics.totalSuccess]).toEqual(['0', '1'])
  })

  test('useActivationCode false means none; a device type says by which way', async () => {
    const person = await makePerson(given)
    const mail = { policy: 'AT_OOBEML', deviceType: 'DT_OOBEML', activationCode: 'x', useActivationCode: false }
    await register(given, person, mail)
    await send(given, person, 'null', { authType: 'AT_OOBEML' })
    const [message] = await messagesTo(given, person.email)
    expect([message?.kind, message?.subject]).toEqual(['email', 'demo client: your code'])
  })

  test('M1: a code is dead after five wrong entries, also for who knows it; the next one works', async () => {
    const person = await makePerson(given)
    await register(given, person)
    await send(given, person)
    const code = await newest(given, person.mobile)
    for (let n = 0; n < 5; n++) expect((await ask(given, person.name, otherCode(code))).status).toBe(400)
    expect((await ask(given, person.name, code)).status).toBe(400)
    await send(given, person)
    expect((await ask(given, person.name, await newest(given, person.mobile, 2))).status).toBe(200)
  })

  test('M1: a new code kills the older; asked for twice within seconds, the one that is out is meant', async () => {
    const person = await makePerson(given)
    await register(given, person)
    for (let n = 0; n < 4; n++) await send(given, person)
    const first = await newest(given, person.mobile)
    given.world.pass(11)
    await send(given, person)
    const second = await newest(given, person.mobile, 2)
    expect((await messagesTo(given, person.mobile)).length).toBe(2)
    expect((await ask(given, person.name, first)).status).toBe(400)
    expect((await ask(given, person.name, second)).status).toBe(200)
  })

  test('a code is over after five minutes', async () => {
    const person = await makePerson(given)
    await register(given, person)
    await send(given, person)
    const code = await newest(given, person.mobile)
    given.world.pass(300)
    given = { ...given, bearer: await clientToken(given.world) }
    expect((await ask(given, person.name, code)).status).toBe(400)
  })

  test('C8: one of 50 parallel posts of one code wins; of 50 wrong ones five are compared', async () => {
    const person = await makePerson(given)
    await register(given, person)
    await send(given, person)
    const code = await newest(given, person.mobile)
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(given, person.name, code)))
    expect(answers.filter(({ status }) => status === 200).length).toBe(1)
    const other = await makePerson(given)
    await register(given, other)
    await send(given, other)
    const right = await newest(given, other.mobile)
    await Promise.all(Array.from({ length: 50 }, () => ask(given, other.name, otherCode(right))))
    expect((await ask(given, other.name, right)).status).toBe(400)
    const { body } = await scim(given.world, given.bearer, 'GET', `/Authenticator/${other.id}.AT_OOB`)
    expect(Number(body.statistics.consecutiveFailed)).toBeLessThanOrEqual(8)
  })

  test('parallel sends are one message', async () => {
    const person = await makePerson(given)
    await register(given, person)
    await Promise.all(Array.from({ length: 20 }, () => send(given, person)))
    const code = await newest(given, person.mobile)
    expect((await ask(given, person.name, code)).status).toBe(200)
    expect((await messagesTo(given, person.mobile)).length).toBe(1)
  })

  test('the answer to who sends wrong activation codes is a lock, at the threshold of the policy', async () => {
    const person = await makePerson(given)
    await register(given, person, { activationCode: 'right-one' })
    for (let n = 0; n < 8; n++) await send(given, person, `wrong-${n}`)
    expect((await send(given, person, 'right-one')).status).toBe(400)
    await scim(given.world, given.bearer, 'POST', `/Authenticator/${person.id}.AT_OOB`, {
      'urn:hid:scim:api:idp:2.0:Action': { action: 'RESET', attributes: [] },
    })
    expect((await send(given, person, 'right-one')).status).toBe(200)
  })

  test('R2: a hostile Host never appears in a message', async () => {
    const person = await makePerson(given)
    await register(given, person)
    const { world, bearer } = given
    const hostile = {
      authorization: `Bearer ${bearer}`,
      'x-forwarded-host': 'evil.example',
      forwarded: 'host=evil.example;proto=https',
      'x-forwarded-proto': 'https',
      'x-original-host': 'evil.example',
    }
    const fields = { grant_type: 'password', username: person.name, password: 'null', authType: 'AT_OOB', noToken: '1' }
    expect((await token(world, fields, hostile)).status).toBe(200)
    const [message] = await messagesTo(given, person.mobile)
    expect(JSON.stringify(message)).not.toContain('evil')
  })

  test('api_otp: a privileged client is handed a code, others are not', async () => {
    const person = await makePerson(given)
    await register(given, person)
    const { world, bearer } = given
    const wanted = { grant_type: 'api_otp', username: person.name, authType: 'AT_OOB' }
    const handed = await token(world, wanted, { authorization: `Bearer ${bearer}` })
    expect(handed.body).toEqual({ otp: expect.stringMatching(/^\d{6}$/), expires_in: 300 })
    expect((await ask(given, person.name, handed.body.otp)).status).toBe(200)
    const { client_id, client_secret } = world.demo.rp
    const refused = await token(world, wanted, { authorization: basic(client_id, client_secret) })
    expect([refused.status, refused.body.error]).toEqual([400, 'unauthorized_client'])
    const nobody = await token(world, { ...wanted, username: 'nobody' }, { authorization: `Bearer ${bearer}` })
    expect([nobody.status, nobody.body.error]).toEqual([400, 'invalid_grant'])
  })

  test('removing the authenticator, or the user, takes registration and code along', async () => {
    const person = await makePerson(given)
    await register(given, person)
    await send(given, person)
    const code = await newest(given, person.mobile)
    const { world, bearer } = given
    expect((await scim(world, bearer, 'DELETE', `/Authenticator/${person.id}.AT_OOB`)).status).toBe(204)
    expect((await ask(given, person.name, code)).status).toBe(400)
    await register(given, person)
    expect((await ask(given, person.name, code)).status).toBe(400)
    expect((await scim(world, bearer, 'DELETE', `/Users/${person.id}`)).status).toBe(204)
  })
})
