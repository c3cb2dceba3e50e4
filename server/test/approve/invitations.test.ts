/**
 * C13: what a stolen invitation, a guessed code and a stranger's name are worth. Activations are made by hand here, so that each part
 * can be wrong by itself; `source` is what a proxy says of where they came from.
 */
import { randomBytes } from 'node:crypto'
import { proofKeyOf, proofOf, transcriptOf } from '@countersign/sdk/activation-proof.ts'
import { openApproveApp } from '@countersign/sdk/approve-app.ts'
import { bytesOf, fromBase64url, toBase64url } from '@countersign/sdk/bytes.ts'
import { readInvitation, typedInvitation } from '@countersign/sdk/invitation.ts'
import { evidenceOf } from '@countersign/sdk/key-evidence.ts'
import { type Algorithms, makeKeys, thumbprintsOf } from '@countersign/sdk/key-pair.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sql } from '#storage/sql.ts'
import { ask, type Invited, invite } from '../held-phone.ts'
import { watchStore } from '../store-work.ts'
import { api, clientToken, engineNames, makeUser, type Reply, scim, send, startWorld, type World } from '../world.ts'
import { codeOf, enrolled, givePersonWithPhone, type Person, rows, surroundings } from './phones.ts'

const PUSH = 'urn:hid:scim:api:idp:2.0:device:type:Push'
const ACTION = 'urn:hid:scim:api:idp:2.0:Action'
const ES256: Algorithms = { logon: 'ES256', action: 'ES256' }

interface Trying {
  readonly method: 'qr' | 'typed'
  readonly uid: string
  readonly source: string
  readonly invited?: Invited
  /** Of the invite code; a wrong one when nothing is said. */
  readonly codeKey?: Uint8Array
  readonly rnd?: Uint8Array
  change?(body: Record<string, unknown>): object
}

const messageOf = ({ message }: Invited) => JSON.parse(message)
const codeIn = (invited: Invited) => Buffer.from(messageOf(invited).pss, 'base64').toString()

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let user: Person
  beforeAll(async () => {
    world = await startWorld(engine, { COUNTERSIGN_TRUSTED_PROXIES: '127.0.0.1' })
    bearer = await clientToken(world)
    user = await makeUser(world, bearer)
  })
  afterAll(() => world.close())

  const url = (path: string) => `${world.base}/${world.demo.tenant}/approve/v1/${path}`
  const post = (path: string, body: object, source: string) =>
    send(url(path), {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-forwarded-for': source },
      body: JSON.stringify(body),
    })
  const start = (uid: string, source: string) => post('activation/start', { uid }, source)

  async function tried({ method, uid, source, invited, codeKey, rnd, change }: Trying): Promise<Reply> {
    const { body: started } = await start(uid, source)
    const fresh = await makeKeys(ES256, { signing: false, others: false })
    const deviceNonce = randomBytes(16).toString('base64url')
    const { dir, did } = method === 'qr' && invited ? messageOf(invited) : { dir: '', did: '' }
    const root = await rootOf(started)
    const service = `${new URL(world.base).host}/${world.demo.tenant}`
    const place = { method, root, service, tenant: 'demo', dir, did, uid } as const
    const keys = await thumbprintsOf(fresh.public)
    const transcript = await transcriptOf({ ...place, keys, deviceNonce, serverNonce: started.nonce })
    const key = await proofKeyOf(bytesOf(codeKey ?? randomBytes(32)), rnd && bytesOf(rnd))
    const iat = world.now_seconds()
    const body = {
      ...place,
      nonce: started.nonce,
      device_nonce: deviceNonce,
      keys: fresh.public,
      ...{ name: 'Mallory', platform: 'node', key_protection: 'file' },
      proof: toBase64url(await proofOf(key, 'device', transcript)),
      ...(rnd ? { tag: toBase64url(await proofOf(bytesOf(rnd), 'qr', transcript)) } : {}),
      evidence: await evidenceOf(fresh, { tenant: 'demo', uid, root, nonce: started.nonce, iat }),
    }
    return post('activation', change?.(body) ?? body, source)
  }

  const rootOf = async (started: { root: object }) => {
    const { thumbprintOf } = await import('@countersign/sdk/trust-chain.ts')
    return thumbprintOf(started.root as Parameters<typeof thumbprintOf>[0])
  }
  const typedCount = async ({ provision }: Invited) =>
    (
      await rows(
        world,
        sql<{
          n: number
        }>`select typed_attempts as "n" from provision where tenant_number = 1 and id = ${Number(provision)}`,
      )
    )[0]?.n
  const byHand = async (invited: Invited, source: string, uid = user.name) => {
    const around = surroundings(world)
    const from: typeof fetch = (to, init) =>
      fetch(to, { ...init, headers: { ...(init?.headers as Record<string, string>), 'x-forwarded-for': source } })
    const app = await openApproveApp({ ...around, fetch: from })
    const service = messageOf(invited).url
    return app.enrol(typedInvitation({ uid, code: codeIn(invited), service }), { name: 'Hand', platform: 'node' })
  }

  test('C13: wrong codes from one address: five count, further ones touch nothing that others need', async () => {
    const others = await Promise.all([makeUser(world, bearer), makeUser(world, bearer)])
    const pending = await Promise.all([user, ...others].map(({ id }) => invite(world, bearer, id)))
    for (const [n, { name }] of [user, ...others].entries()) {
      for (let times = 0; times < (n === 0 ? 9 : 5); times++) {
        const { status, body } = await tried({ method: 'typed', uid: name, source: '203.0.113.5' })
        expect([status, body.error]).toEqual([400, 'activation_failed'])
      }
    }
    expect(await Promise.all(pending.map(typedCount))).toEqual([5, 5, 5])
    // The right code is worth nothing from there any more, from elsewhere it is; and the QR code works in any case.
    expect(await codeOf(byHand(pending[0]!, '203.0.113.5'))).toBe('activation_failed')
    expect(await codeOf(byHand(pending[0]!, '198.51.100.7'))).toBe('ok')
    for (const one of pending.slice(1)) await enrolled(world, readInvitation(one.message), one)
  })

  test('C13: twenty in all, from however many addresses; then only the QR code', async () => {
    const one = await makeUser(world, bearer)
    const invited = await invite(world, bearer, one.id)
    for (let n = 0; n < 24; n++) {
      const { status } = await tried({ method: 'typed', uid: one.name, source: `198.51.100.${n + 20}` })
      expect(status).toBe(400)
    }
    expect(await typedCount(invited)).toBe(20)
    expect(await codeOf(byHand(invited, '198.51.100.200', one.name))).toBe('activation_failed')
    await enrolled(world, readInvitation(invited.message), invited)
  })

  test('C13: a source that fails on and on is slowed down, another is not', async () => {
    const answers: number[] = []
    for (let n = 0; n < 24; n++)
      answers.push((await tried({ method: 'typed', uid: 'nobody@nowhere.example', source: '192.0.2.77' })).status)
    expect(answers.slice(0, 20)).toEqual(Array(20).fill(400))
    expect(answers.slice(21)).toContain(429)
    expect((await tried({ method: 'typed', uid: 'nobody@nowhere.example', source: '192.0.2.78' })).status).toBe(400)
  })

  test('C13: a QR proof without its random bytes is refused and not counted, whatever the code', async () => {
    const one = await makeUser(world, bearer)
    const invited = await invite(world, bearer, one.id)
    const about = { method: 'qr', uid: one.name, invited } as const
    for (let n = 0; n < 8; n++) {
      const rnd = n % 2 ? { rnd: randomBytes(16) } : {}
      expect((await tried({ ...about, ...rnd, source: '192.0.2.1' })).body.error).toBe('activation_failed')
    }
    const rnd = fromBase64url(messageOf(invited).cs.rnd)
    // Who has the QR code's random bytes but not its code.
    expect((await tried({ ...about, rnd, source: '192.0.2.2' })).body.error).toBe('activation_failed')
    expect(await typedCount(invited)).toBe(0)
    await enrolled(world, readInvitation(invited.message), invited)
  })

  test.each<[string, (body: Record<string, unknown>) => object]>([
    ['another user', body => ({ ...body, uid: 'alice@demo.example' })],
    ['another device', body => ({ ...body, did: '1' })],
    ['another service', body => ({ ...body, service: 'evil.example/demo' })],
    ['another root', body => ({ ...body, root: 'A'.repeat(43) })],
    ['a nonce of its own', body => ({ ...body, nonce: 'A'.repeat(String(body.nonce).length) })],
    ['keys exchanged', body => ({ ...body, keys: swapped(body.keys) })],
    [
      'evidence of one key twice',
      body => ({ ...body, evidence: [(body.evidence as string[])[0], (body.evidence as string[])[0]] }),
    ],
    ['evidence without signature', body => ({ ...body, evidence: unsigned(body.evidence as string[]) })],
    ['evidence by alg none', body => ({ ...body, evidence: (body.evidence as string[]).map(none) })],
  ])('C13, H6: an activation that was changed on its way is refused: %s', async (_, change) => {
    bearer = await clientToken(world)
    const one = await makeUser(world, bearer)
    const invited = await invite(world, bearer, one.id)
    const codeKey = await import('@countersign/sdk/activation-proof.ts').then(async ({ codeKeyOf }) =>
      codeKeyOf(codeIn(invited), fromBase64url((await start(one.name, '192.0.2.3')).body.salt)),
    )
    const rnd = fromBase64url(messageOf(invited).cs.rnd)
    const about = { method: 'qr', uid: one.name, invited, codeKey, rnd, source: '192.0.2.3' } as const
    const { status, body } = await tried({ ...about, change })
    expect([status, body.error]).toEqual([400, 'activation_failed'])
    expect((await tried(about)).status).toBe(200)
    world.pass(60)
  })

  test('C13: a nonce is good for ten minutes', async () => {
    bearer = await clientToken(world)
    const one = await makeUser(world, bearer)
    const invited = await invite(world, bearer, one.id)
    const old = (await start(one.name, '192.0.2.4')).body.nonce
    world.pass(601)
    const rnd = fromBase64url(messageOf(invited).cs.rnd)
    const change = (body: Record<string, unknown>) => ({ ...body, nonce: old })
    const late = await tried({ method: 'qr', uid: one.name, invited, rnd, source: '192.0.2.4', change })
    expect([late.status, late.body.error]).toEqual([400, 'activation_failed'])
  })

  test('C13: an invitation works once, not after its time, and a newer one ends it', async () => {
    bearer = await clientToken(world)
    const { phone } = await givePersonWithPhone(world, bearer)
    expect(await codeOf(enrolled(world, readInvitation(phone.invited.message), phone.invited))).toBe(
      'activation_failed',
    )

    const one = await makeUser(world, bearer)
    const first = await invite(world, bearer, one.id)
    const message = messageOf(first)
    const again = await scim(world, bearer, 'POST', '/Device/Provision', {
      deviceType: 'DT_TDSV4E',
      description: `did=${first.device}, url=${message.url}, pch=CH_TDSPROV, pth=AT_TDSOOB, mod=GEN, sec=`,
      attributes: [{ name: 'AUTH_TYPE', value: 'AT_SMK' }],
      owner: { value: one.id },
    })
    expect(again.status).toBe(201)
    expect(await codeOf(enrolled(world, readInvitation(first.message), first))).toBe('activation_failed')
    world.pass(3601)
    const newer = again.body.attributes[0].value as string
    expect(await codeOf(enrolled(world, readInvitation(newer), first))).toBe('activation_failed')
  })

  test('C13: one invitation, ten phones at once: one is registered', async () => {
    bearer = await clientToken(world)
    const one = await makeUser(world, bearer)
    const invited = await invite(world, bearer, one.id)
    const ends = await Promise.all(
      Array.from({ length: 10 }, () => codeOf(enrolled(world, readInvitation(invited.message), invited))),
    )
    expect(ends.filter(end => end === 'ok')).toHaveLength(1)
    expect(new Set(ends)).toEqual(new Set(['ok', 'activation_failed']))
  })

  test('C13: the other devices of the user are told, and the evidence is kept', async () => {
    const first = await givePersonWithPhone(world, bearer)
    const invited = await invite(world, bearer, first.user.id)
    const second = await enrolled(world, readInvitation(invited.message), invited)
    const { notices } = await first.phone.container.inbox()
    expect(notices.map(({ kind, text }) => [kind, text])).toEqual([['device_added', 'Test phone']])
    expect((await second.container.inbox()).notices).toEqual([])
    const [app] = await rows(
      world,
      sql<{
        evidence: string
      }>`select evidence as "evidence" from app where tenant_number = 1 and device_id = ${Number(second.device)}`,
    )
    const { evidence, user: about } = read(app?.evidence ?? '') as { evidence: string[]; user: string }
    expect(about).toBe(first.user.name)
    expect(read(evidence[0] ?? '')).toMatchObject({ tenant: 'demo', uid: first.user.name })
    expect(evidence).toHaveLength(2)
  })

  test('C13: activation_confirm: a stolen invitation registers a phone that can do nothing', async () => {
    const type = `DT_${randomBytes(4).toString('hex').toUpperCase()}`
    const copied = await api(world, bearer, 'POST', `/configuration/${world.demo.tenant}/v2/Device/Type`, {
      ...{ copyFrom: 'DT_TDSV4E', id: type, name: 'Confirmed', [PUSH]: { activationConfirm: true } },
    })
    expect(copied.status, copied.text).toBe(201)
    const one = await makeUser(world, bearer)
    const invited = await invite(world, bearer, one.id, type)
    const thief = await enrolled(world, readInvitation(invited.message), invited)
    expect([thief.container.status, thief.container.confirmationCode]).toEqual([
      'pending',
      expect.stringMatching(/^[A-Z2-9]{6}$/),
    ])
    const wake = { wake: null }
    for (const call of [
      { method: 'GET', path: '/approve/v1/inbox', changes: false },
      { method: 'GET', path: '/approve/v1/policy', changes: false },
      { method: 'GET', path: '/approve/v1/events', changes: false },
      { method: 'PUT', path: '/approve/v1/device', body: wake, changes: true },
      { method: 'POST', path: '/approve/v1/requests', body: { purpose: 'logon', jws: 'a.b.c' }, changes: true },
    ] as const) {
      const { status, body } = await thief.call(call)
      expect([call.path, status, body.error]).toEqual([call.path, 403, 'activation_pending'])
    }
    expect((await ask(world, bearer, { usercode: one.name, tds: 'Log on' })).status).toBe(500)
    // Making the device active by hand is no confirmation.
    await scim(world, bearer, 'PUT', `/Device/${invited.device}`, { status: { status: 'ACTIVE' } })
    expect(await codeOf(thief.container.inbox())).toBe('activation_pending')

    const confirm = (code: string) =>
      scim(world, bearer, 'POST', `/Device/Provision/${invited.provision}`, {
        [ACTION]: { action: 'CONFIRM', attributes: [{ name: 'CODE', value: code }] },
      })
    for (let n = 0; n < 5; n++) expect((await confirm('AAAAAA')).status).toBe(400)
    // The sixth is not looked at, even if it is right.
    expect((await confirm(thief.container.confirmationCode ?? '')).status).toBe(400)
    expect(await codeOf(thief.container.inbox())).toBe('activation_pending')

    const owner = await makeUser(world, bearer)
    const own = await invite(world, bearer, owner.id, type)
    const phone = await enrolled(world, readInvitation(own.message), own)
    const right = await scim(world, bearer, 'POST', `/Device/Provision/${own.provision}`, {
      [ACTION]: { action: 'CONFIRM', attributes: [{ name: 'CODE', value: phone.container.confirmationCode }] },
    })
    expect(right.status, right.text).toBeLessThan(300)
    expect(await codeOf(phone.container.inbox())).toBe('ok')
    expect((await ask(world, bearer, { usercode: owner.name, tds: 'Log on' })).status).toBe(200)
  })

  test('E1: a name that nobody has costs what an invited one costs, and is answered with the same bytes', async () => {
    const invitedUser = await makeUser(world, bearer)
    await invite(world, bearer, invitedUser.id)
    const measured = await watchStore(world)
    const began = async (uid: string) => {
      const { answer, cost } = await measured(() => start(uid, '192.0.2.90'))
      const { status, body, headers } = answer
      const { salt, nonce, ...rest } = body
      const kept = [...headers].filter(([name]) => name !== 'date' && name !== 'x-correlation-id')
      return {
        status,
        salt: salt.length,
        nonce: nonce.length,
        rest: { ...rest, server_time: 0 },
        kept,
        cost,
      }
    }
    expect(await began('nobody@nowhere.example')).toEqual(await began(invitedUser.name))
    const same = async (uid: string) => (await start(uid, '192.0.2.90')).body.salt
    expect(await same('nobody@nowhere.example')).toBe(await same('nobody@nowhere.example'))
    expect(await same('nobody@nowhere.example')).not.toBe(await same(invitedUser.name))

    const ended = async (uid: string, source: string) => {
      await tried({ method: 'typed', uid, source })
      const { answer, cost } = await measured(() => tried({ method: 'typed', uid, source }))
      const { status, body, headers } = answer
      const kept = [...headers].filter(([name]) => name !== 'date' && name !== 'x-correlation-id')
      return { status, body: { ...body, server_time: 0 }, kept, cost }
    }
    const ofKnown = await ended(invitedUser.name, '192.0.2.91')
    expect(await ended('nobody@nowhere.example', '192.0.2.92')).toEqual(ofKnown)
    expect(ofKnown.cost.statements).toBeGreaterThan(4)
  })
})

const read = (jws: string) => JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()) as object
const unsigned = (evidence: readonly string[]) => evidence.map(jws => `${jws.slice(0, jws.lastIndexOf('.'))}.AAAA`)
const none = (jws: string) =>
  `${Buffer.from('{"alg":"none","typ":"cs-evidence+jwt"}').toString('base64url')}.${jws.split('.')[1]}.AAAA`
const swapped = (keys: unknown) => {
  const { request, sealing, ...rest } = keys as { request: object; sealing: object }
  return { ...rest, request: sealing, sealing: request }
}
