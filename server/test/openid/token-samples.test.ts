/**
 * The samples of the reference's guide for hardware tokens, in its own spelling: one-time code, challenge and response,
 * transaction signature with and without a session.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientToken, engineNames, response, startWorld, totpAt, type World } from '../world.ts'
import { ACTION, answered, askChallenge, type Holder, holderOf, paste, SIGNED_VALUES, SIGNING_SUITE } from './holder.ts'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const session = {
    access_token: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
    token_type: 'Bearer',
    expires_in: 86400,
  }

  test('SYNCHRONOUS: the code opens a session of a day, and nothing else is answered', async () => {
    const { name, token } = await holderOf(world, bearer)
    const code = totpAt(token.seed, world.now_seconds())
    const answer = await paste(
      world,
      bearer,
      `mode=SYNCHRONOUS&grant_type=password&username=${name}&password=${code}&authType=AT_OTP`,
    )
    expect(answer.status).toBe(200)
    expect(answer.body).toEqual(session)
    expect(answer.headers.get('content-type')).toBe('application/json;charset=UTF-8')
    expect(answer.headers.get('cache-control')).toContain('no-store')
    expect(answer.headers.get('pragma')).toBe('no-cache')
  })

  test('G2: DEVICE-CHALLENGE: the five values in their order, the challenge first', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    const { status, body } = await askChallenge(world, bearer, holder)
    expect(status).toBe(200)
    expect(body).toEqual({
      schemas: [ACTION],
      attributes: [
        { name: 'CHALLENGE', type: 'string', value: expect.stringMatching(/^\d{6,8}$/), readOnly: false },
        { name: 'CHALLENGE.ID', type: 'string', value: expect.stringMatching(/^\d+$/), readOnly: false },
        { name: 'REQUEST.STATUS', type: 'string', value: '1', readOnly: false },
        { name: 'REQUEST.REASON', type: 'string', value: '-1', readOnly: false },
        { name: 'REQUEST.ERROR_MESSAGE', type: 'string', readOnly: false },
      ],
    })
  })

  test('ASYNCHRONOUS: the response to the challenge opens a session', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_OC')
    const code = await answered(world, bearer, holder)
    const answer = await paste(
      world,
      bearer,
      `mode=ASYNCHRONOUS&grant_type=password&device_id=${holder.token.deviceId}&username=${holder.name}&password=${code}` +
        '&channel=CH_EXTRAPP&authType=AT_OTP',
    )
    expect([answer.status, answer.body]).toEqual([200, session])
  })

  const signed = ({ name, token }: Holder, noToken: string, context: string) =>
    `mode=SIGNING&grant_type=password&device_id=${token.deviceId}&username=${name}` +
    `&password=${response(token.seed, SIGNED_VALUES, SIGNING_SUITE)}&channel=CH_EXTRAPP&authType=AT_OTP&context=${context}${noToken}`
  const CONTEXT = 'sign1%3A1122%3Afalse%20sign2%3A3344%3Afalse%20sign3%3A5566%3Afalse'

  test('SIGNING with noToken=1: exactly these bytes, and no session', async () => {
    const holder = await holderOf(world, bearer, 'DT_POCK_TD')
    const answer = await paste(world, bearer, signed(holder, '&noToken=1', CONTEXT))
    expect([answer.status, answer.text]).toEqual([200, '{"access_token":"IA==","token_type":"Bearer"}'])
    const tried = await fetch(`${world.base}/${world.demo.tenant}/authn/userinfo`, {
      headers: { authorization: 'Bearer IA==' },
    })
    expect(tried.status).toBe(401)
  })

  test.each(['&noToken=0', ''])('SIGNING with a session: "%s"', async noToken => {
    const holder = await holderOf(world, bearer, 'DT_POCK_TD')
    const answer = await paste(world, bearer, signed(holder, noToken, CONTEXT))
    expect([answer.status, answer.body]).toEqual([200, session])
  })

  test.each([
    ['blanks as plus signs', 'sign1%3A1122%3Afalse+sign2%3A3344%3Afalse+sign3%3A5566%3Afalse'],
    ['colons as they are', 'sign1:1122:false+sign2:3344:false+sign3:5566:false'],
    ['lower-case escapes', 'sign1%3a1122%3afalse%20sign2%3a3344%3afalse%20sign3%3a5566%3afalse'],
    ['extra blanks', '+sign1:1122:false++sign2:3344:false+sign3:5566:false+'],
    ['another order of writing', 'sign3:5566:false+sign1:1122:true+sign2:3344:false'],
    ['a name that is not signed', 'correlationId:a1:false+sign1:1122:false+sign2:3344:false+sign3:5566:false'],
  ])('the context: %s', async (_, context) => {
    const holder = await holderOf(world, bearer, 'DT_POCK_TD')
    const answer = await paste(world, bearer, signed(holder, '&noToken=1', context))
    expect([answer.status, answer.text]).toEqual([200, '{"access_token":"IA==","token_type":"Bearer"}'])
  })

  test.each([
    ['a value changed', 'sign1:1122:false+sign2:3345:false+sign3:5566:false'],
    ['a value moved into its neighbour', 'sign1:11223:false+sign2:344:false+sign3:5566:false'],
    ['two values in each other’s place', 'sign1:3344:false+sign2:1122:false+sign3:5566:false'],
    ['a value left out', 'sign1:1122:false+sign2:3344:false'],
    ['the joiner inside a value', 'sign1:1122*3344:false+sign2:5566:false'],
  ])('a signature does not fit with %s', async (_, context) => {
    const holder = await holderOf(world, bearer, 'DT_POCK_TD')
    const answer = await paste(world, bearer, signed(holder, '', context))
    expect([answer.status, (answer.body as { error: string }).error]).toEqual([400, 'invalid_grant'])
  })
})
