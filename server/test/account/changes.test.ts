/** Changes of one's own devices that meet others: at once, by an administrator meanwhile, confirmed late; and what the audit keeps. */
import { readInvitation } from '@countersign/sdk/invitation.ts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { enrolled, rows } from '../approve/phones.ts'
import { raw } from '../audit/audit-world.ts'
import {
  api,
  clientToken,
  engineNames,
  giveToken,
  makeUser,
  type Reply,
  scim,
  startWorld,
  type World,
} from '../world.ts'
import { byBoth, byCode, byPassword, signIn } from './signed-in.ts'

const PUSH = 'urn:hid:scim:api:idp:2.0:device:type:Push'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
  })
  beforeEach(async () => {
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  async function personWithToken() {
    const user = await makeUser(world, bearer)
    const { deviceId } = await giveToken(world, bearer, user.id)
    return { user, deviceId, me: await signIn(world, user.id, byBoth(deviceId)) }
  }

  test('many removals at once: one takes effect, the others find nothing or another state', async () => {
    const { me, deviceId } = await personWithToken()
    const answers = await Promise.all(Array.from({ length: 20 }, () => me.call('DELETE', `devices/${deviceId}`)))
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses[0]).toBe(204)
    expect(statuses.slice(1)).toEqual(Array(19).fill(404))
  })

  test('a device that an administrator gives to somebody else meanwhile is not touched', async () => {
    const { me, deviceId } = await personWithToken()
    const other = await makeUser(world, bearer)
    const give = () => scim(world, bearer, 'PUT', `/Device/${deviceId}`, { owner: { value: other.id } })
    const both: readonly Reply[] = await Promise.all([give(), me.call('DELETE', `devices/${deviceId}`), give()])
    expect(both.map(({ status }) => status).every(status => [200, 204, 404, 409, 503].includes(status))).toBe(true)
    await give()
    const late = await me.call('DELETE', `devices/${deviceId}`)
    expect(late.status).toBe(404)
    expect((await scim(world, bearer, 'GET', `/Device/${deviceId}`)).body.owner.value).toBe(other.id)
  })

  test('many invitations at once leave one device', async () => {
    const user = await makeUser(world, bearer)
    const me = await signIn(world, user.id, byPassword)
    const answers = await Promise.all(Array.from({ length: 5 }, () => me.call('POST', 'devices')))
    expect(answers.map(({ status }) => status)).toEqual(Array(5).fill(201))
    expect((await me.call('GET', 'devices')).body.devices).toHaveLength(1)
  })

  test('a phone that must be confirmed is, by the person, with what the app shows', async () => {
    const path = `/configuration/${world.demo.tenant}/v2/Device/Type`
    const own = { id: 'DT_CONFIRM', copyFrom: 'DT_TDSV4E', [PUSH]: { activationConfirm: true } }
    expect((await api(world, bearer, 'POST', path, own)).status).toBe(201)
    const user = await makeUser(world, bearer)
    const me = await signIn(world, user.id, byPassword)
    const { body } = await me.call('POST', 'devices')
    expect(body.confirm).toBe(true)
    const confirm = (code: string) => me.call('POST', `devices/${body.device}/confirm`, { code })
    const early = await confirm('ABCDEF')
    expect([early.status, early.body.error]).toEqual([400, 'action_not_possible'])
    const invited = { provision: '', device: body.device, message: '', file: '' }
    const { container } = await enrolled(world, readInvitation(body.invitation), invited)
    expect((await me.call('GET', 'devices')).body.devices[0].status).toBe('PENDING')
    expect((await confirm('ABCDEF')).status).toBe(400)
    expect((await confirm(container.confirmationCode ?? '')).status).toBe(204)
    expect((await me.call('GET', 'devices')).body.devices[0].status).toBe('ACTIVE')
  })

  test('each change is an event with the person as actor, and no secret in it', async () => {
    const { me, user, deviceId } = await personWithToken()
    const { body } = await me.call('POST', 'devices')
    await me.call('PATCH', `devices/${deviceId}`, { friendly_name: 'Secret name of mine' })
    await me.call('DELETE', `devices/${body.device}`)
    await me.call('DELETE', `devices/${deviceId}`)
    await me.call('DELETE', 'session')
    const kept = await rows(world, raw<{ body: unknown }>('select body as "body" from audit_event order by id'))
    const texts = kept.map(({ body: one }) =>
      typeof one === 'string' ? one : Buffer.from(one as Uint8Array).toString(),
    )
    const mine = texts.filter(text => new RegExp(`"actor":\\{[^}]*"id":${user.id}\\b`).test(text))
    const actions = mine.flatMap(text => /"action":"(\w+)"/.exec(text)?.[1] ?? [])
    expect(actions).toEqual(
      expect.arrayContaining([
        ...['addDevice', 'createDeviceIssuanceRequest', 'updateDevice', 'deleteDevice', 'unassignDevice', 'endSession'],
      ]),
    )
    const { pss } = JSON.parse(body.invitation)
    const secrets = [pss, Buffer.from(pss, 'base64').toString(), me.token, 'Secret name of mine']
    for (const secret of secrets) expect(texts.filter(text => text.includes(secret))).toEqual([])
  })

  test('R1: the device of the sign-in, given to somebody else, proves nothing any more', async () => {
    const { user, deviceId } = await personWithToken()
    const second = await giveToken(world, bearer, user.id)
    const me = await signIn(world, user.id, byCode(deviceId))
    expect((await scim(world, bearer, 'PUT', `/Device/${deviceId}`, { owner: { value: '' } })).status).toBe(200)
    const { status, body } = await me.call('DELETE', `devices/${second.deviceId}`)
    expect([status, body.error]).toEqual([401, 'insufficient_user_authentication'])
  })
})
