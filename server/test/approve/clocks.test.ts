/** C6: two clocks, one for the answer and one for fetching it. C7: polling, whose id it is, and that a stranger's id costs what an unknown one costs. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invite } from '../held-phone.ts'
import { watchStore } from '../store-work.ts'
import { clientToken, type EngineName, engineNames, makeUser, startWorld, token, type World } from '../world.ts'
import { codeOf, collect, giveClient, givePersonWithPhone, opened, renewed, type TestClient } from './phones.ts'

const LIFE = 120
const COLLECTION = 300

describe.each(engineNames)('on %s', (engine: EngineName) => {
  let world: World
  let bearer: string
  let other: TestClient
  let held: Awaited<ReturnType<typeof givePersonWithPhone>>
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
    other = await giveClient(world, bearer)
    held = await givePersonWithPhone(world, bearer)
  })
  afterAll(() => world.close())

  const open = async () => {
    bearer = await clientToken(world)
    return opened(world, bearer, held.user, held.phone)
  }
  const errorOf = async (handle: string, by = bearer) => (await collect(world, by, handle)).body.error

  test('C6: answered in the last second, fetched after it: a result', async () => {
    const { handle, request, reply } = await open()
    expect(reply.body).toMatchObject({ expires_in: LIFE, interval: 5 })
    world.pass(LIFE - 2)
    await held.phone.container.answer(request, 'accept')
    world.pass(3)
    expect(await codeOf(held.phone.container.retrieve(request.id))).toBe('already_answered')
    const { status, body } = await collect(world, bearer, handle)
    expect([status, body.auth_req_id]).toEqual([200, handle])
    expect(await errorOf(handle)).toBe('invalid_grant')
  })

  test('C6: fetched until the end of the collection window, and not a second later', async () => {
    const first = await open()
    await held.phone.container.answer(first.request, 'accept')
    const second = await open()
    await held.phone.container.answer(second.request, 'accept')
    world.pass(LIFE + COLLECTION - 5)
    bearer = await clientToken(world)
    expect((await collect(world, bearer, first.handle)).status).toBe(200)
    world.pass(6)
    expect(await errorOf(second.handle)).toBe('expired_token')
  })

  test('C6: not answered: pending, then over; and an answer that comes late is none', async () => {
    const { handle, request } = await open()
    expect(await errorOf(handle)).toBe('authorization_pending')
    world.pass(LIFE + 1)
    expect(await errorOf(handle)).toBe('expired_token')
    const late = await held.phone.send(request.id, await held.phone.sign(request))
    expect([late.status, late.body.error]).toEqual([410, 'request_expired'])
    expect(await errorOf(handle)).toBe('expired_token')
  })

  test('C6: taken back by ciba_delete: gone for the device and for the client; an answer stands', async () => {
    const remove = (auth_req_id: string, by = bearer) =>
      token(world, { grant_type: 'ciba_delete', auth_req_id }, { authorization: `Bearer ${by}` })
    const { handle, request } = await open()
    other = await renewed(world, other)
    expect((await remove(handle, other.bearer)).body.error).toBe('invalid_grant')
    expect((await remove(handle)).status).toBe(200)
    expect((await held.phone.container.inbox()).requests).toEqual([])
    expect((await held.phone.send(request.id, await held.phone.sign(request))).body.error).toBe('request_expired')
    expect(await errorOf(handle)).toBe('expired_token')
    const answered = await open()
    await held.phone.container.answer(answered.request, 'accept')
    expect((await remove(answered.handle)).body.error).toBe('invalid_grant')
    expect((await collect(world, bearer, answered.handle)).status).toBe(200)
  })

  test('C7: polled too fast: slow_down, and five seconds more each time', async () => {
    const { handle } = await open()
    expect(await errorOf(handle)).toBe('authorization_pending')
    for (let n = 0; n < 10; n++) expect(await errorOf(handle)).toBe('slow_down')
    world.pass(50)
    expect(await errorOf(handle)).toBe('slow_down')
    world.pass(61)
    expect(await errorOf(handle)).toBe('authorization_pending')
  })

  test('C7: whoever polled too fast still gets the result', async () => {
    const { handle, request } = await open()
    for (let n = 0; n < 4; n++) await errorOf(handle)
    await held.phone.container.answer(request, 'accept')
    expect((await collect(world, bearer, handle)).status).toBe(200)
  })

  test('C7: an auth_req_id is 30 bytes of which 22 are random, and serves as nothing else', async () => {
    world.pass(3700)
    const handles = []
    for (let n = 0; n < 4; n++) handles.push((await open()).handle)
    for (const handle of handles) {
      expect(handle).toMatch(/^[A-Za-z0-9+/]{40}$/)
      expect(Buffer.from(handle, 'base64')).toHaveLength(30)
      expect(
        (await token(world, { grant_type: 'client_credentials' }, { authorization: `Bearer ${handle}` })).status,
      ).not.toBe(200)
    }
    const tails = new Set(handles.map(handle => handle.slice(0, 8)))
    expect(tails.size).toBe(4)
  })

  test('C7: another client’s id, a used one, one of nobody: the same answer for the same work', async () => {
    other = await renewed(world, other)
    const mine = await open()
    await held.phone.container.answer(mine.request, 'accept')
    const used = mine.handle
    await collect(world, bearer, used)
    const live = await open()
    await held.phone.container.answer(live.request, 'accept')
    const changed = `${live.handle.slice(0, -4)}AAAA`
    const unreadable = `${'A'.repeat(39)}B`
    const measured = await watchStore(world)
    const ways = [
      ['a stranger’s', live.handle, other.bearer],
      ['a used one', used, bearer],
      ['with other random bytes', changed, bearer],
      ['of nobody', unreadable, bearer],
    ] as const
    const answers = []
    for (const [, handle, by] of ways) {
      await errorOf(handle, by)
      const { answer, cost } = await measured(() => collect(world, by, handle))
      answers.push({ status: answer.status, text: answer.text, cost })
    }
    expect(answers[0]).toMatchObject({ status: 400, text: expect.stringContaining('invalid_grant') })
    // Of its own used one a client learns nothing by its work.
    for (const [n, answer] of answers.entries())
      expect(answer).toEqual({ ...answers[0], ...(n === 1 ? { cost: answer.cost } : {}) })
    expect((await collect(world, bearer, live.handle)).status).toBe(200)
  })

  test('C7: a registration’s id works only for the client that made the provision', async () => {
    bearer = await clientToken(world)
    const { provision } = held.phone.invited
    expect(await errorOf(provision, other.bearer)).toBe('invalid_grant')
    const { status, body } = await collect(world, bearer, provision)
    expect([status, body.deviceid, body.access_token]).toEqual([200, held.phone.device, ''])
    const one = await makeUser(world, bearer)
    const waiting = (await invite(world, bearer, one.id)).provision
    const polled = []
    for (let n = 0; n < 3; n++) polled.push(await errorOf(waiting))
    expect(polled).toEqual(['authorization_pending', 'slow_down', 'slow_down'])
    for (const id of ['1', '99999999', `0${provision}`, `${provision}.0`, '-1'])
      expect([id, await errorOf(id)]).toEqual([id, 'invalid_grant'])
  })
})
