/** A passkey is no token, no phone and no secret: what other doors do with codes and keys, none of them does with it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { PortalClient } from '../sign-in/browser.ts'
import { engineNames, scim, startWorld, token, type World } from '../world.ts'
import type { SoftAuthenticator } from './authenticator.ts'
import { PasskeyPeople, type Somebody } from './people.ts'

const ACTION = 'urn:hid:scim:api:idp:2.0:Action'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let people: PasskeyPeople
  let client: PortalClient
  let holder: { readonly who: Somebody; readonly key: SoftAuthenticator; readonly device: string }

  beforeAll(async () => {
    world = await startWorld(engine)
    people = await PasskeyPeople.of(world)
    client = await people.client()
    holder = await people.holder(client)
  })
  afterAll(() => world.close())

  const act = (path: string, action: string, attributes: Record<string, string> = {}) =>
    scim(world, people.bearer, 'POST', path, {
      [ACTION]: { action, attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })) },
    })

  it('the token endpoint signs nobody in by it, and its failures there lock it nowhere else', async () => {
    const headers = { authorization: `Bearer ${people.bearer}` }
    const fields = { grant_type: 'password', authType: 'AT_FIDO', username: holder.who.name }
    for (const password of ['', '123456', JSON.stringify({ clientDataJSON: 'e30' }), ...'1234567890']) {
      const reply = await token(world, { ...fields, password }, headers)
      expect([reply.status, reply.body.access_token]).toEqual([400, undefined])
    }
    const { who, key } = holder
    expect((await people.signIn(await people.login(client, who.name), key, who.name)).status).toBe(200)
  })

  it('its counter is moved by nobody, and it is asked no code', async () => {
    const { device, who } = holder
    const counter = await act(`/Device/${device}`, 'MANUAL-SYNCH', { COUNTER: '900' })
    const codes = await act(`/Device/${device}`, 'AUTO-SYNCH', { OTP: '123456', OTP2: '654321' })
    const challenge = await act(`/Authenticator/${who.id}.AT_FIDO`, 'DEVICE-CHALLENGE', { 'DEVICE.ID': device })
    expect([counter.status, codes.status, challenge.status]).toEqual([400, 400, 400])
  })

  it('none is imported, invited or pushed to', async () => {
    const { device, who } = holder
    const content = Buffer.from('serial,algorithm,seed_hex\n1,HOTP,3132333435363738393031323334353637383930\n')
    const file = { deviceType: 'DT_FIDO', fileName: 't.csv', content: content.toString('base64') }
    const imported = await scim(world, people.bearer, 'POST', '/Device/.import', file)
    const before = await scim(world, people.bearer, 'POST', '/Device/.search', { filter: 'type eq DT_FIDO' })
    expect([imported.status, before.body.totalResults]).toEqual([expect.any(Number), 1])
    const invited = await scim(world, people.bearer, 'POST', '/Device/Provision', {
      deviceType: 'DT_FIDO',
      description: `did=${device}, url=${new URL(world.base).host}/demo, pch=CH_TDSPROV, pth=AT_TDSOOB, mod=GEN, sec=`,
      attributes: [{ name: 'AUTH_TYPE', value: 'AT_SMK' }],
      owner: { value: who.id },
    })
    expect([invited.status, imported.status >= 400]).toEqual([400, true])
  })

  it('its authenticator is reset and disabled like all others, and disabled it proves nobody', async () => {
    const { who, key } = holder
    expect((await act(`/Authenticator/${who.id}.AT_FIDO`, 'RESET')).status).toBe(200)
    const put = (status: string) =>
      scim(world, people.bearer, 'PUT', `/Authenticator/${who.id}.AT_FIDO`, { status: { status } })
    expect((await put('DISABLED')).status).toBe(200)
    const refused = await people.signIn(await people.login(client, who.name), key, who.name)
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant'])
    await put('ENABLED')
    expect((await people.signIn(await people.login(client, who.name), key, who.name)).status).toBe(200)
    const user = await scim(world, people.bearer, 'PUT', `/Users/${who.id}`, { active: false })
    expect(user.status).toBe(200)
    const disabled = await people.signIn(await people.login(client, who.name), key, who.name)
    expect([disabled.status, disabled.body.error]).toEqual([400, 'invalid_grant'])
  })
})
