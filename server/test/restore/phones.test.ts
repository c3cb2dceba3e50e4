/**
 * O7: a backup is made while requests, results and invitations are open; they are used; the backup is put back. None of them works
 * again; what a phone sent before is too old; and the phone itself, whose keys are those of the backup, goes on.
 */
import { join } from 'node:path'
import { readInvitation } from '@countersign/sdk/invitation.ts'
import { signed } from '@countersign/sdk/signed-call.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { backup } from '#cli/backup.ts'
import { verify } from '#cli/verify.ts'
import { type Endpoint, openEndpoint } from '#delivery/conformance/endpoint.ts'
import { sql } from '#storage/sql.ts'
import {
  answerCall,
  codeOf,
  collect,
  enrolled,
  givePersonWithPhone,
  opened,
  type Person,
  type Phone,
  rows,
} from '../approve/phones.ts'
import { type Invited, invite } from '../held-phone.ts'
import { clientToken, engineNames, makeUser, send, type World } from '../world.ts'
import { type RestartableWorld, restartableWorld } from './restartable-world.ts'

type Opened = Awaited<ReturnType<typeof opened>>

describe.each(engineNames)('O7: on %s', engine => {
  let place: RestartableWorld
  let world: World
  let bearer: string
  let restored: { code: number; text: string }
  let held: { user: Person; phone: Phone }
  let other: { user: Person; phone: Phone }
  let open: Opened
  let answered: Opened
  let pending: Invited
  let push: Endpoint
  let call: Awaited<ReturnType<typeof signed>>
  let oldAnswer: string

  beforeAll(async () => {
    place = await restartableWorld(engine)
    world = await place.start()
    push = await openEndpoint()
    bearer = await clientToken(world)
    held = await givePersonWithPhone(world, bearer)
    other = await givePersonWithPhone(world, bearer)
    pending = await invite(world, bearer, (await makeUser(world, bearer)).id)
    answered = await opened(world, bearer, other.user, other.phone, { createSession: '1' })
    await other.phone.container.answer(answered.request, 'accept')
    open = await opened(world, bearer, held.user, held.phone, { createSession: '1' })
    const file = join(place.home, 'copy.backup')
    await backup.run({ words: [file], flags: {} }, world.office)

    oldAnswer = await held.phone.sign(open.request)
    call = await signed(held.phone.around, held.phone.container.id, answerCall(open.request.id, oldAnswer))
    expect((await sentAgain()).status).toBe(200)
    expect((await collect(world, bearer, open.handle)).status).toBe(200)
    expect((await collect(world, bearer, answered.handle)).status).toBe(200)
    await enrolled(world, readInvitation(pending.message), pending)
    await world.close()
    await place.renewDatabase()
    restored = await place.run('restore', file, '--yes')
    expect(restored.code, restored.text).toBe(0)
    world = await place.start()
    bearer = await clientToken(world)
    moved(held.phone)
    moved(other.phone)
  }, 120_000)
  afterAll(async () => {
    await world?.close()
    await push?.close()
    await place?.remove()
  })

  /** The server listens on another port now; a phone in the field knows it by a name that stays. */
  function moved({ around }: Phone): void {
    const here = new URL(world.base).host
    const real = around.fetch
    Object.assign(around, {
      fetch: ((to: string, init?: RequestInit) =>
        real(String(to).replace(/127\.0\.0\.1:\d+/, here), init)) as typeof fetch,
    })
  }
  const sentAgain = () =>
    send(call.url.replace(/^http:\/\/[^/]+/, world.base), {
      method: call.method,
      headers: { ...call.headers, 'content-type': 'application/json' },
      body: call.body ?? '',
    })

  test('what ended is told', () => {
    expect(restored.text).toContain('Ended: 1 open requests to phones, 1 invitations to register one.')
    expect(restored.text).toContain('2 phones have the keys of the backup')
  })

  test('a request that was open is not: neither by its old answer nor by a new one', async () => {
    const again = await sentAgain()
    expect([409, 410, 401], again.text).toContain(again.status)
    expect(await codeOf(held.phone.container.retrieve(open.request.id))).toBe('request_expired')
    expect((await held.phone.container.inbox()).requests).toEqual([])
    // A call is good for a minute: after that it is refused whatever the counter of the backup says.
    world.pass(61)
    expect((await sentAgain()).body.error).toBe('clock_skew')
  })

  test('handles of requests are dead, and no result is told or fetched a second time', async () => {
    for (const { handle } of [open, answered]) {
      expect((await collect(world, bearer, handle)).body.error).toBe('invalid_grant')
    }
    const left = await rows(
      world,
      sql<{ n: number }>`
      select count(*) as "n" from approval where state = 'OPEN' or (state = 'ANSWERED' and collected_at is null)`,
    )
    expect(Number(left[0]?.n)).toBe(0)
    expect(Number((await rows(world, sql<{ n: number }>`select count(*) as "n" from outbox`))[0]?.n)).toBe(0)
  })

  test('an invitation that was open registers nobody', async () => {
    const message = pending.message.replace(/127\.0\.0\.1:\d+/, new URL(world.base).host)
    expect(await codeOf(enrolled(world, readInvitation(message), pending))).toBe('activation_failed')
  })

  test('the phone goes on: it answers what is asked now', async () => {
    const fresh = await opened(world, bearer, held.user, held.phone)
    await held.phone.container.answer(fresh.request, 'accept')
    expect((await collect(world, bearer, fresh.handle)).status).toBe(200)
    const report = await verify.run({ words: [], flags: {} }, world.office)
    expect(report.lines).toEqual([expect.stringMatching(/^Clean/)])
  })
})
