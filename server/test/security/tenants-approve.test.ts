/**
 * H3: two tenants whose users have the same name and a phone each. What is signed by a device, and what is about a request, is of one
 * tenant: every call, id, code and handle is tried at the neighbour, and nothing crosses.
 */
import { readInvitation } from '@countersign/sdk/invitation.ts'
import { type Call, signed } from '@countersign/sdk/signed-call.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { enrolled, opened, type Phone } from '../approve/phones.ts'
import { ask, invite } from '../held-phone.ts'
import { engineNames, type Reply, send, startWorld, token, type World } from '../world.ts'
import { MARK, NEIGHBOUR, type Side, TWIN, twoTenants } from './two-tenants.ts'

const CIBA = 'urn:openid:params:grant-type:ciba'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let mine: Side
  let theirs: Side
  let ours: Phone
  let foreign: Phone
  beforeAll(async () => {
    world = await startWorld(engine)
    ;({ mine, theirs } = await twoTenants(world))
    ;[ours, foreign] = [await phoneOf(mine), await phoneOf(theirs)]
  })
  afterAll(() => world.close())

  async function phoneOf({ world: there, bearer, user }: Side): Promise<Phone> {
    const invited = await invite(there, bearer, user.id)
    return enrolled(there, readInvitation(invited.message), invited)
  }
  const open = (side: Side, phone: Phone) => opened(side.world, side.bearer, side.user, phone, { tds: MARK })

  /** What the phone signed for its own tenant, sent to the other. */
  async function astray(phone: Phone, call: Call, tenant: string): Promise<Reply> {
    const { method, url, headers, body } = await signed(phone.around, phone.container.id, call)
    const json = body === undefined ? {} : { 'content-type': 'application/json' }
    const address = url.replace(/^(http:\/\/[^/]+)\/[^/]+\//, `$1/${tenant}/`)
    return send(address, { method, headers: { ...headers, ...json }, ...(body === undefined ? {} : { body }) })
  }

  test('H3: a call of the neighbour’s phone opens nothing here, ours nothing there', async () => {
    const calls = (id: string): Call[] => [
      { method: 'GET', path: '/approve/v1/inbox', changes: false },
      { method: 'GET', path: '/approve/v1/policy', changes: false },
      { method: 'GET', path: '/approve/v1/events', changes: false },
      { method: 'GET', path: `/approve/v1/approvals/${id}`, changes: false },
      { method: 'POST', path: `/approve/v1/approvals/${id}/answer`, body: { jws: 'a.b.c' }, changes: true },
      { method: 'POST', path: '/approve/v1/scan', body: { jwt: 'a.b.c', via: 'camera' }, changes: false },
      { method: 'POST', path: '/approve/v1/requests', body: { purpose: 'logon', jws: 'a.b.c' }, changes: true },
      { method: 'PUT', path: '/approve/v1/device', body: { name: 'taken over' }, changes: true },
      { method: 'DELETE', path: '/approve/v1/device', changes: true },
    ]
    const [here, there] = [await open(mine, ours), await open(theirs, foreign)]
    for (const [phone, tenant, id] of [
      [foreign, 'demo', here.request.id],
      [ours, NEIGHBOUR, there.request.id],
    ] as const) {
      for (const call of calls(id)) {
        const { status, text } = await astray(phone, call, tenant)
        expect([call.method, call.path, [401, 410].includes(status)]).toEqual([call.method, call.path, true])
        expect(text).not.toContain(MARK)
      }
    }
    await ours.container.answer(here.request, 'accept')
    await foreign.container.answer(there.request, 'accept')
  })

  test('H3: the neighbour’s request is not found by our phone, and his answer is none to ours', async () => {
    const there = await open(theirs, foreign)
    expect(
      (await ours.call({ method: 'GET', path: `/approve/v1/approvals/${there.request.id}`, changes: false })).status,
    ).toBe(404)
    expect((await ours.send(there.request.id, await ours.sign(there.request))).status).toBe(404)
    const here = await open(mine, ours)
    expect((await ours.send(here.request.id, await foreign.sign(here.request))).body.error).toBe('invalid_answer')
    await ours.container.answer(here.request, 'deny')
    await foreign.container.answer(there.request, 'accept')
    const fetched = await collected(mine, there.handle)
    expect([fetched.status, fetched.body.error]).toEqual([400, 'invalid_grant'])
    expect((await collected(theirs, there.handle)).status).toBe(200)
  })

  const collected = ({ world: where, bearer }: Side, auth_req_id: string) =>
    token(where, { grant_type: CIBA, auth_req_id }, { authorization: `Bearer ${bearer}` })

  test('H3: handles, registrations and what was tried to tell are the tenant’s own', async () => {
    world.pass(120)
    const there = await open(theirs, foreign)
    const trace = (side: Side, id: string) =>
      send(
        `${world.base}/${side.world.demo.tenant}/authn/bcauthorize/deliveries?auth_req_id=${encodeURIComponent(id)}`,
        {
          headers: { authorization: `Bearer ${side.bearer}` },
        },
      )
    expect((await trace(theirs, there.handle)).status).toBe(200)
    expect((await trace(mine, there.handle)).status).toBe(400)
    const remove = { grant_type: 'ciba_delete', auth_req_id: there.handle }
    expect((await token(world, remove, { authorization: `Bearer ${mine.bearer}` })).body.error).toBe('invalid_grant')
    expect((await collected(mine, foreign.invited.provision)).body.error).toBe('invalid_grant')
    expect((await collected(theirs, foreign.invited.provision)).status).toBe(200)
  })

  test('H3: bcauthorize: the neighbour’s bearer, user and device are none here', async () => {
    const foreignBearer = await ask(world, theirs.bearer, { usercode: TWIN, tds: 'x' })
    expect(foreignBearer.status).toBe(401)
    const device = await ask(world, mine.bearer, { usercode: TWIN, deviceid: foreign.device, tds: 'x' })
    expect(device.status).not.toBe(200)
    const nobody = await ask(world, mine.bearer, { usercode: `${MARK}-1`, tds: 'x' })
    expect([nobody.status, nobody.body.error]).toEqual([400, 'unknown_user_id'])
  })

  test('H3: a QR code of the neighbour names nothing here', async () => {
    const hint = { mode: 'userid_less', device_type: 'DT_TDSV4E', tds: MARK }
    const { body } = await ask(theirs.world, theirs.bearer, hint)
    const scan = {
      method: 'POST',
      path: '/approve/v1/scan',
      body: { jwt: body.txid, via: 'camera' },
      changes: false,
    } as const
    expect((await ours.call(scan)).status).toBe(404)
    expect((await foreign.call(scan)).status).toBe(200)
  })

  test('H3: each tenant has a root of its own, and an invitation of one is none of the other', async () => {
    const service = async (tenant: string) => (await send(`${world.base}/${tenant}/approve/v1/service`)).body
    const [here, there] = [await service('demo'), await service(NEIGHBOUR)]
    expect(here.root).not.toEqual(there.root)
    expect(here.vapid).not.toBe(there.vapid)
    const invited = await invite(theirs.world, theirs.bearer, theirs.user.id)
    const moved = invited.message.replace(`/${NEIGHBOUR}`, '/demo')
    await expect(enrolled(world, readInvitation(moved), invited)).rejects.toThrow()
    await enrolled(theirs.world, readInvitation(invited.message), invited)
    const start = async (tenant: string) =>
      (
        await send(`${world.base}/${tenant}/approve/v1/activation/start`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ uid: TWIN }),
        })
      ).body.salt
    expect(await start('demo')).not.toBe(await start(NEIGHBOUR))
  })
})
