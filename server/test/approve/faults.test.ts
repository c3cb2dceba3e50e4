/** C9: each thing that approving depends on breaks once. What comes out is a refusal, never a success, and afterwards everything works. */

import { readInvitation } from '@countersign/sdk/invitation.ts'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { KeyVerifier } from '#keys/verifier.ts'
import { appQueries } from '#storage/app.ts'
import { approvalQueries } from '#storage/approval.ts'
import { outboxQueries } from '#storage/outbox.ts'
import { proofQueries } from '#storage/proof.ts'
import { provisionQueries } from '#storage/provision.ts'
import { ask, invite } from '../held-phone.ts'
import { clientToken, engineNames, makeUser, type Reply, startWorld, type World } from '../world.ts'
import { codeOf, collect, enrolled, givePersonWithPhone, opened, type Person, type Phone, wakeAt } from './phones.ts'

const CAUSE = 'planted cause that nobody may see'
const broken = (): never => {
  throw new Error(CAUSE)
}

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let user: Person
  let phone: Phone
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
    ;({ user, phone } = await givePersonWithPhone(world, bearer))
  })
  afterEach(() => vi.restoreAllMocks())
  afterAll(() => world.close())

  type Broken = readonly [string, object, string]
  const ports = (): readonly Broken[] => [
    ['store.read', world.ground.store, 'read'],
    ['store.write', world.ground.store, 'write'],
    ['audit', world.ground.recorder, 'record'],
    ['clock', world.ground.clock, 'now'],
  ]
  async function whileBroken<T>([, port, method]: Broken, act: () => Promise<T>): Promise<T> {
    vi.spyOn(port as { [name: string]: () => never }, method).mockImplementation(broken)
    try {
      return await act()
    } finally {
      vi.restoreAllMocks()
    }
  }
  const expectRefused = (what: string, { status, text }: Reply) => {
    expect([what, [400, 401, 500, 503].includes(status)]).toEqual([what, true])
    expect(text).not.toMatch(/planted|access_token|id_token|"auth_req_id"/)
  }

  test('C9: at the start: no request is opened', async () => {
    await phone.container.setWake(wakeAt('http://127.0.0.1:9/nobody'))
    const asked = () => ask(world, bearer, { usercode: user.name, tds: 'x' })
    const places: readonly Broken[] = [
      ...ports(),
      ['reachable', appQueries, 'reachable'],
      ['recent', approvalQueries, 'recent'],
      ['pause', approvalQueries, 'pause'],
      ['add', approvalQueries, 'addApproval'],
      ['outbox', outboxQueries, 'add'],
      ['handles', world.ground.random, 'bytes'],
    ]
    for (const place of places) expectRefused(place[0], await whileBroken(place, asked))
    expect((await phone.container.inbox()).requests).toEqual([])
    expect((await asked()).status).toBe(200)
  })

  test('C9: at the answer: nothing is decided, and the same request is answered afterwards', async () => {
    world.pass(61)
    const { request, handle } = await opened(world, bearer, user, phone)
    const places: readonly Broken[] = [
      ...ports(),
      ['verifier', KeyVerifier.prototype, 'verify'],
      ['standing', approvalQueries, 'standing'],
      ['reserve', proofQueries, 'reserve'],
      ['settle', proofQueries, 'settle'],
      ['answer', approvalQueries, 'answer'],
      ['counter', appQueries, 'raiseTx'],
      ['call counter', appQueries, 'raiseCall'],
    ]
    for (const place of places) {
      const jws = await phone.sign(request)
      expectRefused(place[0], await whileBroken(place, () => phone.send(request.id, jws)))
      expect((await collect(world, bearer, handle)).status).toBe(400)
      world.pass(1)
    }
    expect((await phone.send(request.id, await phone.sign(request))).status).toBe(200)
    expect((await collect(world, bearer, handle)).status).toBe(200)
  })

  test('C9: at the issue: no token, and the result is still there', async () => {
    world.pass(61)
    const { request, handle } = await opened(world, bearer, user, phone, { createSession: '1' })
    await phone.container.answer(request, 'accept')
    const places: readonly Broken[] = [
      ...ports(),
      ['signing', world.ground.signingKeys, 'sign'],
      ['collect', approvalQueries, 'collect'],
    ]
    for (const place of places) expectRefused(place[0], await whileBroken(place, () => collect(world, bearer, handle)))
    expect((await collect(world, bearer, handle)).status).toBe(200)
  })

  test('C9: at an enrolment: no device is registered, and the invitation works afterwards', async () => {
    const one = await makeUser(world, bearer)
    const invited = await invite(world, bearer, one.id)
    const places: readonly Broken[] = [
      ...ports(),
      ['verifier', KeyVerifier.prototype, 'verify'],
      ['invitation', provisionQueries, 'heldInvitation'],
      ['end of the invitation', provisionQueries, 'processed'],
      ['app', appQueries, 'addApp'],
      ['device', appQueries, 'activateDevice'],
    ]
    for (const place of places) {
      const end = await whileBroken(place, () => codeOf(enrolled(world, readInvitation(invited.message), invited)))
      expect([place[0], end]).not.toEqual([place[0], 'ok'])
      world.pass(61)
    }
    await enrolled(world, readInvitation(invited.message), invited)
  })
})
