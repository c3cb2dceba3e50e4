/** A temporary password (AT_TEMPPWD) serves once, however many use it at the same moment, and is then a wrong one like any other. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { clientToken, engineNames, givePassword, makeUser, scim, startWorld, token, type World } from '../world.ts'

const MANY = 50

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  test(`${MANY} parallel log-ons: exactly 1 success; then the words of a wrong one`, async () => {
    const user = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, user.id, 'AT_TEMPPWD')
    const logOn = async (secret: string) => {
      const login = { grant_type: 'password', username: user.name, password: secret, authType: 'AT_TEMPPWD' }
      const { status, text } = await token(world, login, { authorization: `Bearer ${bearer}` })
      return { status, text: status === 200 ? '' : text }
    }
    const answers = await Promise.all(Array.from({ length: MANY }, () => logOn(password)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    const wrong = await logOn('wrong')
    expect(wrong.status).toBe(400)
    expect(await logOn(password)).toEqual(wrong)
    for (const answer of answers.filter(({ status }) => status !== 200)) expect(answer).toEqual(wrong)
  })

  test('the next one of an administrator serves once again', async () => {
    const user = await makeUser(world, bearer)
    const logOn = async (password: string) => {
      const login = { grant_type: 'password', username: user.name, password, authType: 'AT_TEMPPWD', noToken: '1' }
      return (await token(world, login, { authorization: `Bearer ${bearer}` })).status
    }
    const once = await givePassword(world, bearer, user.id, 'AT_TEMPPWD')
    expect([await logOn(once), await logOn(once)]).toEqual([200, 400])
    const password = 'Kw7-bdfhjmqvxZ'
    const set = await scim(world, bearer, 'PUT', `/Authenticator/${user.id}.AT_TEMPPWD`, {
      'urn:hid:scim:api:idp:2.0:Password': { username: user.name, password },
    })
    expect(set.status).toBe(200)
    expect([await logOn(password), await logOn(password)]).toEqual([200, 400])
  })
})
