/**
 * O7: a backup is made, everything is used once, the backup is put back. What was used, answered or issued in between must
 * not work again; what cannot be known is told; the audit shows a restore and not a tree that was cut.
 */
import { copyFileSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { jwsOfLines } from '#audit/checkpoint-place.ts'
import { auditOf } from '#cli/audit-verify-report.ts'
import { backup } from '#cli/backup.ts'
import { verify } from '#cli/verify.ts'
import { everyEventSealed } from '../every-event-sealed.ts'
import {
  clientToken,
  engineNames,
  giveAuthenticator,
  givePassword,
  giveToken,
  type HeldToken,
  hotpOf,
  makeUser,
  otp,
  response,
  scim,
  send,
  token,
  totpAt,
  type World,
} from '../world.ts'
import { type RestartableWorld, restartableWorld } from './restartable-world.ts'

const SUITE = 'OCRA-1:HOTP-SHA1-8:QA64'
const SIGNED = { mode: 'SIGNING', context: 'sign1:1122:false sign2:3344:false sign3:5566:true' }

interface Holder {
  readonly id: string
  readonly name: string
  readonly token: HeldToken
}

describe.each(engineNames)('O7: on %s', engine => {
  let place: RestartableWorld
  let world: World
  let restored: { code: number; text: string }
  let bearer: string
  const old: Record<string, string> = {}
  const held: Record<string, Holder> = {}

  const holder = async (type: string): Promise<Holder> => {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    return { ...user, token: await giveToken(world, bearer, user.id, type) }
  }
  const userinfo = (bearerToken: string) =>
    send(`${world.base}/demo/authn/userinfo`, { headers: { authorization: `Bearer ${bearerToken}` } })
  const answer = ({ name, token: { deviceId } }: Holder, code: string) =>
    otp(world, bearer, name, code, { mode: 'ASYNCHRONOUS', device_id: deviceId, channel: 'CH_EXTRAPP' })
  const sign = ({ name, token: { deviceId, seed } }: Holder) =>
    otp(world, bearer, name, response(seed, '1122*3344*5566', SUITE), { ...SIGNED, device_id: deviceId })
  const synchronise = ({ token: { deviceId, seed } }: Holder, first: number) =>
    scim(world, bearer, 'POST', `/Device/${deviceId}`, {
      'urn:hid:scim:api:idp:2.0:Action': {
        action: 'AUTO-SYNCH',
        attributes: [
          { name: 'OTP', value: hotpOf(seed, first) },
          { name: 'OTP2', value: hotpOf(seed, first + 1) },
        ],
      },
    })

  beforeAll(async () => {
    place = await restartableWorld(engine)
    world = await place.start()
    bearer = await clientToken(world)
    for (const [name, type] of Object.entries({
      time: 'DT_POCK_OT',
      event: 'DT_POCK_OE',
      asked: 'DT_POCK_OC',
      signer: 'DT_POCK_TD',
    })) {
      held[name] = await holder(type)
    }
    const person = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, person.id)
    const signedIn = await token(
      world,
      { grant_type: 'password', username: person.name, password, authType: 'AT_STDPWD' },
      { authorization: `Bearer ${bearer}` },
    )
    expect(signedIn.status).toBe(200)
    Object.assign(old, { person: person.name, password, userBefore: signedIn.body.access_token, clientBefore: bearer })
    const asked = await scim(world, bearer, 'POST', `/Authenticator/${held.asked?.id}.AT_OTP`, {
      'urn:hid:scim:api:idp:2.0:Action': {
        action: 'DEVICE-CHALLENGE',
        attributes: [
          { name: 'DEVICE.ID', value: held.asked?.token.deviceId },
          { name: 'CHANNEL', value: 'CH_EXTRAPP' },
        ],
      },
    })
    old.answer = response(held.asked!.token.seed, asked.body.attributes[0].value)
    expect((await otp(world, bearer, held.event!.name, hotpOf(held.event!.token.seed, 0))).status).toBe(200)

    const file = join(place.home, 'copy.backup')
    await backup.run({ words: [file], flags: {} }, world.office)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(readFileSync(file).includes(readFileSync(join(place.home, 'master.key'), 'utf8').trim())).toBe(false)

    // Everything once.
    old.code = totpAt(held.time!.token.seed, world.now_seconds())
    expect((await otp(world, bearer, held.time!.name, old.code)).status).toBe(200)
    for (const counter of [1, 2]) {
      const used = await otp(world, bearer, held.event!.name, hotpOf(held.event!.token.seed, counter))
      expect(used.status).toBe(200)
      old.userAfter = used.body.access_token
    }
    expect((await answer(held.asked!, old.answer)).status).toBe(200)
    expect((await sign(held.signer!)).status).toBe(200)
    old.clientAfter = await clientToken(world)
    const changed = `Pw-${Date.now()}-bdfhjm`
    const put = await scim(world, bearer, 'PUT', `/Authenticator/${person.id}.AT_STDPWD`, {
      policy: { value: 'AT_STDPWD' },
      owner: { value: person.id },
      'urn:hid:scim:api:idp:2.0:Password': { username: person.name, password: changed },
    })
    expect(put.status, put.text).toBe(200)
    old.changed = changed
    old.made = (await makeUser(world, bearer)).name

    await everyEventSealed(world)
    await world.close()
    copyFileSync(join(place.home, 'checkpoints.log'), join(place.home, 'outside.log'))
    await place.renewDatabase()
    restored = await place.run('restore', file, '--yes')
    expect(restored.text).toContain('epoch 2')
    expect(restored.code).toBe(0)
    world = await place.start()
  }, 120_000)
  afterAll(async () => {
    await world?.close()
    await place?.remove()
  })

  test('tokens from before and after the backup are dead', async () => {
    for (const name of ['userBefore', 'userAfter', 'clientBefore', 'clientAfter']) {
      expect((await userinfo(old[name]!)).status, name).toBe(401)
    }
    bearer = await clientToken(world)
  })

  test('a time code that was used is refused, and the next one works after the window', async () => {
    bearer = await clientToken(world)
    const {
      name,
      token: { seed },
    } = held.time!
    expect((await otp(world, bearer, name, old.code!)).status).toBe(400)
    world.pass(150)
    expect((await otp(world, bearer, name, totpAt(seed, world.now_seconds()))).status).toBe(200)
  })

  test('an event key is held until two codes that cannot have been used find it again', async () => {
    const {
      name,
      token: { seed },
    } = held.event!
    for (const counter of [0, 1, 2, 3]) expect((await otp(world, bearer, name, hotpOf(seed, counter))).status).toBe(400)
    expect((await synchronise(held.event!, 1)).status).toBe(400)
    expect((await otp(world, bearer, name, hotpOf(seed, 205))).status).toBe(400)
    expect((await synchronise(held.event!, 203)).status).toBe(200)
    for (const counter of [2, 204]) expect((await otp(world, bearer, name, hotpOf(seed, counter))).status).toBe(400)
    expect((await otp(world, bearer, name, hotpOf(seed, 205))).status).toBe(200)
  })

  test('a challenge that was open in the backup is not', async () => {
    expect((await answer(held.asked!, old.answer!)).status).toBe(400)
  })

  test('what could not be replayed is told', async () => {
    bearer = await clientToken(world)
    const signIn = (password: string) =>
      token(
        world,
        { grant_type: 'password', username: old.person!, password, authType: 'AT_STDPWD' },
        { authorization: `Bearer ${bearer}` },
      )
    expect((await signIn(old.changed!)).status).toBe(400)
    expect((await signIn(old.password!)).status).toBe(200)
    expect(restored.text).toMatch(/signing keys have neither counter nor clock/)
    expect(restored.text).toMatch(/passwords are those of the backup/)
    expect(restored.text).toMatch(/keys with an event counter are held .*AUTO-SYNCH/)
    expect(restored.text).toMatch(/no journal of it is kept off this store/)
  })

  test('ids do not come again, and the store is clean', async () => {
    const made = await makeUser(world, bearer)
    expect(Number(made.id)).toBeGreaterThan(1_000_000)
    const report = await verify.run({ words: [], flags: {} }, world.office)
    expect(report.lines).toEqual([expect.stringMatching(/^Clean/)])
    expect(report.exit).toBe(0)
  })

  test('the audit tells a restore from a tree that was cut', async () => {
    const outside = jwsOfLines(readFileSync(join(place.home, 'outside.log'), 'utf8'))
    const report = await auditOf(world.office, outside)
    expect(report.integrity.findings).toEqual([])
    expect(report.completeness.verdict).toBe('accounted')
    expect(report.completeness.lostByRestore).toBeGreaterThan(0)
  })
})
