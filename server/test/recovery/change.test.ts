/** A password is changed by who knows the old one: like a log-on in what it costs, and it opens nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { PASSWORD_EXPIRED } from '#authentication/proof.ts'
import { constraintsOf } from '#domain/password-constraints.ts'
import { engineNames, scim, send, token } from '../world.ts'
import { freshPassword, type RecoveryGround, recoveryGround } from './recovery-ground.ts'

const DAY_SECONDS = 86_400

describe.each(engineNames)('on %s', engine => {
  let g: RecoveryGround
  beforeAll(async () => {
    g = await recoveryGround(engine)
  })
  afterAll(() => g.world.close())

  const statistics = async (id: string) =>
    (await scim(g.world, g.bearer, 'GET', `/Authenticator/${id}.AT_CUSTPWD`)).body.statistics
  const expire = (id: string) =>
    scim(g.world, g.bearer, 'PUT', `/Authenticator/${id}.AT_CUSTPWD`, {
      status: { startDate: '2015-05-15T18:15:21Z', expiryDate: '2016-05-15T18:15:21Z' },
    })

  test('the new one works, the old one does not, and sessions from before are over', async () => {
    const { id, name, password } = await g.holder()
    const login = { grant_type: 'password', username: name, password, authType: 'AT_CUSTPWD' }
    const { body } = await token(g.world, login, { authorization: `Bearer ${g.bearer}` })
    const look = () =>
      send(`${g.world.base}/demo/authn/userinfo`, { headers: { authorization: `Bearer ${body.access_token}` } })
    expect((await look()).status).toBe(200)
    await g.pass(1)
    const next = freshPassword()
    expect(await g.change(name, password, next)).toEqual({ outcome: 'changed', user: Number(id) })
    expect((await look()).status).toBe(401)
    expect([await g.logOn(name, password), await g.logOn(name, next)]).toEqual([400, 200])
  })

  test('wrong ones count like those of a log-on, and lock both', async () => {
    const { id, name, password } = await g.holder()
    for (let n = 0; n < 8; n++) {
      expect(await g.change(name, `wrong-${n}`, freshPassword())).toEqual({ outcome: 'rejected', reason: 'wrong' })
    }
    expect((await statistics(id)).consecutiveFailed).toBe('8')
    expect(await g.change(name, password, freshPassword())).toEqual({ outcome: 'rejected', reason: 'locked' })
    expect(await g.logOn(name, password)).toBe(400)
  })

  test('broken rules are told by name, only to who knows the old one, and cost no attempt', async () => {
    const { id, name, password } = await g.holder()
    expect(await g.change(name, 'wrong', 'short')).toEqual({ outcome: 'rejected', reason: 'wrong' })
    for (let n = 0; n < 10; n++) {
      expect(await g.change(name, password, 'short')).toEqual({ outcome: 'broken', rules: ['minLength'] })
    }
    expect(await g.change(name, password, name)).toEqual({ outcome: 'broken', rules: ['notUserAttribute'] })
    expect(await g.change(name, password, password)).toEqual({ outcome: 'broken', rules: ['notOldPassword'] })
    expect((await statistics(id)).consecutiveFailed).toBe('0')
    expect(await g.logOn(name, password)).toBe(200)
  })

  test('former passwords do not come back until enough others stood between', async () => {
    const { name, password } = await g.holder()
    const [b, c, d] = [freshPassword(), freshPassword(), freshPassword()]
    await g.change(name, password, b)
    await g.change(name, b, c)
    expect(await g.change(name, c, password)).toEqual({ outcome: 'broken', rules: ['notOldPassword'] })
    await g.change(name, c, d)
    expect(await g.change(name, d, password)).toMatchObject({ outcome: 'changed' })
  })

  test('an expired one is told only to who knows it, and changed as often as the policy says', async () => {
    const { id, name, password } = await g.holder()
    await expire(id)
    const policy = g.policy('AT_CUSTPWD', { allowExpiredReset: 1, validDaysEdit: 30 })
    expect(await g.change(name, 'wrong', freshPassword(), { policy })).toEqual({ outcome: 'rejected', reason: 'wrong' })
    const next = freshPassword()
    expect(await g.change(name, password, next)).toEqual({ outcome: 'rejected', reason: 'authenticator_expired' })
    expect(await g.change(name, password, next, { policy })).toMatchObject({ outcome: 'changed' })
    expect(await g.logOn(name, next)).toBe(200)
    const { body } = await scim(g.world, g.bearer, 'GET', `/Authenticator/${id}.AT_CUSTPWD`)
    const lives = Date.parse(body.status.expiryDate) / 1000 - g.world.now_seconds()
    expect(Math.abs(lives - 30 * DAY_SECONDS)).toBeLessThan(60)
    await expire(id)
    const again = await g.change(name, next, freshPassword(), { policy })
    expect(again).toEqual({ outcome: 'rejected', reason: 'authenticator_expired' })
  })

  test('of many at once one wins', async () => {
    const { name, password } = await g.holder()
    const wanted = Array.from({ length: 4 }, freshPassword)
    const ends = await Promise.all(wanted.map(next => g.change(name, password, next)))
    expect(ends.filter(({ outcome }) => outcome === 'changed')).toHaveLength(1)
    const works = await Promise.all(wanted.map(next => g.logOn(name, next)))
    expect(works.filter(status => status === 200)).toHaveLength(1)
  })

  test('an expired one at a log-on: told with the right password alone, and no failure then', async () => {
    const { id, name, password } = await g.holder()
    const policy = g.policy('AT_CUSTPWD', { allowExpiredReset: 1 })
    const { body } = await scim(g.world, g.bearer, 'GET', `/Authenticator/${id}.AT_CUSTPWD`)
    const good = await g.prove(name, password, policy)
    expect(good.outcome === 'accepted' && Math.floor((good.expiresAt_ms ?? 0) / 1000)).toBe(
      Date.parse(body.status.expiryDate) / 1000,
    )
    await expire(id)
    for (let n = 0; n < 9; n++) {
      expect(await g.prove(name, password, policy)).toEqual({ outcome: 'rejected', reason: PASSWORD_EXPIRED })
    }
    expect(await g.prove(name, 'wrong', policy)).toEqual({ outcome: 'rejected', reason: 'wrong' })
    expect(await g.prove(name, password, g.policy())).toEqual({ outcome: 'rejected', reason: 'authenticator_expired' })
    expect((await statistics(id)).consecutiveFailed).toBe('1')
  })

  test('a login bears so many tries, and hears who was proved', async () => {
    const { id, name, password } = await g.holder()
    const heard: (number | undefined)[] = []
    const alongside = await g.login(3, heard)
    await g.change(name, 'wrong', freshPassword(), { alongside })
    await g.change(name, password, 'short', { alongside })
    const next = freshPassword()
    expect(await g.change(name, password, next, { alongside })).toMatchObject({ outcome: 'changed' })
    const over = await g.change(name, next, freshPassword(), { alongside })
    expect(over).toEqual({ outcome: 'rejected', reason: 'login_over' })
    expect(heard).toEqual([undefined, Number(id), Number(id)])
  })
})

test('what a page shows before somebody types', () => {
  const rules = { minLength: 8, maxLength: 100, notOldPassword: 3 }
  const policy = { password: rules } as unknown as Parameters<typeof constraintsOf>[0]
  expect(constraintsOf(policy)).toEqual({ minLength: 8, maxLength: 100, notOldPassword: true })
})
