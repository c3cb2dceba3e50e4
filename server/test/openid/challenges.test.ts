/** The life of a challenge: for one device, one policy and one user, for five minutes, answered once, and not without end. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  clientToken,
  engineNames,
  giveAuthenticator,
  giveToken,
  otherCode,
  otp,
  response,
  scim,
  startWorld,
  type World,
} from '../world.ts'
import { ACTION, answered, askChallenge, challengeBody, type Holder, holderOf } from './holder.ts'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const answer = ({ name, token }: Holder, code: string, more: Record<string, string> = {}) =>
    otp(world, bearer, name, code, { mode: 'ASYNCHRONOUS', device_id: token.deviceId, channel: 'CH_EXTRAPP', ...more })

  test('it can be answered until five minutes are over', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    const inTime = await answered(world, bearer, holder)
    world.pass(299)
    bearer = await clientToken(world)
    expect((await answer(holder, inTime)).status).toBe(200)
    const late = await answered(world, bearer, holder)
    world.pass(301)
    bearer = await clientToken(world)
    expect((await answer(holder, late)).body.error).toBe('invalid_grant')
  })

  test('a wrong answer leaves it open, the right one takes it away', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    const code = await answered(world, bearer, holder)
    expect((await answer(holder, otherCode(code))).body.error).toBe('invalid_grant')
    expect((await answer(holder, code)).status).toBe(200)
    expect((await answer(holder, code)).body.error).toBe('invalid_grant')
  })

  test('two may be open at once, and each is answered once', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    const first = await answered(world, bearer, holder)
    const second = await answered(world, bearer, holder)
    expect((await answer(holder, first)).status).toBe(200)
    expect((await answer(holder, second)).status).toBe(200)
    expect((await answer(holder, first)).status).toBe(400)
  })

  test('it belongs to its device: the other one of the same user does not answer it', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    const other = await giveToken(world, bearer, holder.id, 'DT_POCK_OC')
    const { body } = await askChallenge(world, bearer, holder)
    const code = response(other.seed, body.attributes[0].value)
    expect((await answer(holder, code)).status).toBe(400)
    expect((await answer({ ...holder, token: other }, code)).status).toBe(400)
  })

  test('it belongs to its policy: another authenticator of the user does not spend it', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    await giveAuthenticator(world, bearer, holder.id, 'AT_EMPOTP')
    const code = await answered(world, bearer, holder)
    expect((await answer(holder, code, { authType: 'AT_EMPOTP' })).body.error).toBe('invalid_grant')
    expect((await answer(holder, code)).status).toBe(200)
  })

  test('a made-up answer without a challenge, and a challenge as its own answer', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    expect((await answer(holder, response(holder.token.seed, '12345678'))).status).toBe(400)
    const { body } = await askChallenge(world, bearer, holder)
    expect((await answer(holder, body.attributes[0].value)).status).toBe(400)
  })

  test('challengeDisableThreshold: eight without a right answer, then no more; a right one counts anew', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    let last = ''
    for (let n = 0; n < 8; n++) last = await answered(world, bearer, holder)
    const refused = await askChallenge(world, bearer, holder)
    expect([refused.status, refused.body.scimType, refused.body.attributes]).toEqual([400, 'invalidValue', undefined])
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${holder.id}.AT_OTP`)
    expect(body.statistics.challengeCount).toBe('8')
    expect((await answer(holder, last)).status).toBe(200)
    expect((await askChallenge(world, bearer, holder)).status).toBe(200)
  })

  test('an administrator lifts it, too: RESET', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    for (let n = 0; n < 8; n++) await answered(world, bearer, holder)
    expect((await askChallenge(world, bearer, holder)).status).toBe(400)
    const reset = { [ACTION]: { action: 'RESET' } }
    expect((await scim(world, bearer, 'POST', `/Authenticator/${holder.id}.AT_OTP`, reset)).status).toBe(200)
    expect((await askChallenge(world, bearer, holder)).status).toBe(200)
  })

  test('T10: the user in an attribute, the address without one or with the device', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    const named = challengeBody(holder.token.deviceId)
    named[ACTION].attributes.push({ name: 'USER.EXTERNALID', value: holder.name })
    for (const id of ['.AT_OTP', `${holder.token.deviceId}.AT_OTP`]) {
      const { status, body } = await scim(world, bearer, 'POST', `/Authenticator/${id}`, named)
      expect([id, status]).toEqual([id, 200])
      expect((await answer(holder, response(holder.token.seed, body.attributes[0].value))).status).toBe(200)
    }
  })

  test.each<[string, object, number]>([
    ['no body', {}, 400],
    ['another action', { [ACTION]: { action: 'DEVICE-CHALLENGES' } }, 400],
    ['no device', { [ACTION]: { action: 'DEVICE-CHALLENGE', attributes: [] } }, 400],
    ['an unknown device', challengeBody('99999999'), 400],
    ['a device that is no number', challengeBody('0965516059-1'), 400],
  ])('refused: %s', async (_, body, status) => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    expect((await scim(world, bearer, 'POST', `/Authenticator/${holder.id}.AT_OTP`, body)).status).toBe(status)
  })
})
