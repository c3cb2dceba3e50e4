/** Passkeys through the calls of a login: enrolled, first and second factor, with and without a name, and what stands in SCIM after. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redeem } from '../sign-in/browser.ts'
import { engineNames, scim, startWorld, type World } from '../world.ts'
import { SoftAuthenticator } from './authenticator.ts'
import { creationOptions, FIDO, loose, PasskeyPeople, proved } from './people.ts'

describe.each(engineNames)('passkeys in a login on %s', engine => {
  let world: World
  let people: PasskeyPeople

  beforeAll(async () => {
    world = await startWorld(engine)
    people = await PasskeyPeople.of(world)
  })
  afterAll(() => world.close())

  it('are enrolled after the protection factor, with the options of the workflow', async () => {
    const client = await people.client()
    const who = await people.somebody()
    const browser = await people.login(client, who.name)
    const early = await browser.json('enroll/fido', {
      ...FIDO,
      enroll_step: 'getcredentialoptions',
      username: who.name,
    })
    expect([early.status, early.body.error, early.body.reason]).toEqual([403, 'not_allowed', 'protection_needed'])
    expect(early.headers.get('server-csrf-token')).toMatch(/^urn:hid:/)
    await people.protect(browser, who)
    const options = await creationOptions(browser, who.name)
    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      user: { name: who.name },
      attestation: 'none',
      excludeCredentials: [],
      authenticatorSelection: {
        residentKey: 'required',
        userVerification: 'required',
        authenticatorAttachment: 'cross-platform',
      },
    })
    expect(options.challenge).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(Buffer.from(options.user.id, 'base64url')).toHaveLength(32)
    expect(JSON.stringify(options.user.id)).not.toContain(who.id)
    const key = new SoftAuthenticator()
    const made = await people.register(browser, who, key)
    expect([made.status, made.body.device_id]).toEqual([200, expect.stringMatching(/^\d+$/)])
    const again = await creationOptions(browser, who.name)
    expect(again.excludeCredentials.map((one: { id: string }) => one.id)).toEqual([
      Buffer.from(key.passkeys[0]!.id).toString('base64url'),
    ])
    expect(again.user.id).toBe(key.passkeys[0]!.userHandle)
  })

  it('are the first factor, by name and without one, and count as two factors when the person was verified', async () => {
    const client = await people.client()
    const { who, key } = await people.holder(client, { discoverable: true })
    for (const username of [who.name, undefined]) {
      const browser = await people.login(client, username)
      const flow = await browser.flow(username)
      expect(flow.body.firstFactors.map((one: { code: string }) => one.code)).toContain('AT_FIDO')
      const done = await people.signIn(browser, key, username)
      expect([done.status, done.body]).toEqual([200, { expires_in: expect.any(Number) }])
      const back = await browser.end()
      const { body } = await redeem(world, client, back.get('code') ?? '')
      const claims = JSON.parse(Buffer.from(body.id_token.split('.')[1], 'base64url').toString())
      expect(claims).toMatchObject({ sub: who.name, acr: 'acr_fido', amr: ['pop', 'user', 'mfa'] })
    }
  })

  it('are the second factor after a password', async () => {
    const client = await people.client()
    const { who, key } = await people.holder(client, { userVerified: true })
    key.passkeys[0]!.counter += 3
    const browser = await people.login(client, who.name)
    const given = { authType: 'AT_EMPPWD', username: who.name, password: who.password }
    const stepped = await browser.code(given)
    expect(stepped.body.secondFactors.map((one: { factorId: string }) => one.factorId)).toEqual(['factor.fido.2fa'])
    const options = await browser.json('code', { ...FIDO, grant_type: 'fido_challenge', username: who.name })
    expect(options.body).toMatchObject({ rpId: 'localhost', userVerification: 'discouraged' })
    expect(options.body.allowCredentials).toEqual([
      { type: 'public-key', id: Buffer.from(key.passkeys[0]!.id).toString('base64url'), transports: ['usb'] },
    ])
    const { response } = key.get(options.body, people.origin)
    // The reference's form: the bare response, here as JSON text.
    expect((await proved(browser, JSON.stringify(response), who.name)).status).toBe(200)
  })

  it('are a device, a credential and an authenticator of their owner', async () => {
    const client = await people.client()
    const { who, key, device } = await people.holder(client)
    const found = await scim(world, people.bearer, 'POST', '/Device/.search', { filter: `owner.value eq "${who.id}"` })
    expect(found.body.resources).toMatchObject([
      { id: device, type: 'DT_FIDO', status: { status: 'ACTIVE', active: true } },
    ])
    const authenticator = await scim(world, people.bearer, 'GET', `/Authenticator/${who.id}.AT_FIDO`)
    expect(authenticator.body).toMatchObject({ policy: { value: 'AT_FIDO' }, status: { status: 'ENABLED' } })
    await people.signIn(await people.login(client, who.name), key, who.name)
    const used = await scim(world, people.bearer, 'GET', `/Authenticator/${who.id}.AT_FIDO`)
    expect(used.body.statistics).toMatchObject({ totalSuccess: '1' })
    const named = await scim(world, people.bearer, 'PUT', `/Device/${device}`, { friendlyName: 'Blue key' })
    expect(named.body.friendlyName).toBe('Blue key')
    const suspend = await scim(world, people.bearer, 'PUT', `/Device/${device}`, { status: { status: 'SUSPENDED' } })
    expect(suspend.status).toBe(200)
    const suspended = await people.signIn(await people.login(client, who.name), key, who.name)
    expect([suspended.status, suspended.body.error]).toEqual([400, 'invalid_grant'])
    await scim(world, people.bearer, 'PUT', `/Device/${device}`, { status: { status: 'ACTIVE' } })
    expect((await people.signIn(await people.login(client, who.name), key, who.name)).status).toBe(200)
    await scim(world, people.bearer, 'PUT', `/Device/${device}`, { owner: { value: '' } })
    const taken = await people.signIn(await people.login(client, who.name), key, who.name)
    expect([taken.status, taken.body.error]).toEqual([400, 'invalid_grant'])
    expect((await scim(world, people.bearer, 'DELETE', `/Device/${device}`)).status).toBe(204)
  })

  it('of another owner prove nobody: they were made for one person', async () => {
    const client = await people.client()
    const { who, key, device } = await people.holder(client)
    const other = await people.holder(client)
    const given = await scim(world, people.bearer, 'PUT', `/Device/${device}`, { owner: { value: other.who.id } })
    expect(given.status).toBe(200)
    for (const name of [who.name, other.who.name]) {
      const reply = await people.signIn(await people.login(client, name), key, name)
      expect([reply.status, reply.body.error]).toEqual([400, 'invalid_grant'])
    }
  })

  it('go with their owner, and nothing of them is left', async () => {
    const client = await people.client()
    const { who, device } = await people.holder(client)
    const total = async (noun: string) =>
      (await scim(world, people.bearer, 'POST', `/${noun}/.search`, { count: 1 })).body.totalResults as number
    const before = [await total('Device'), await total('Credential')]
    expect((await scim(world, people.bearer, 'DELETE', `/Users/${who.id}`)).status).toBe(204)
    expect((await scim(world, people.bearer, 'GET', `/Device/${device}`)).status).toBe(404)
    expect([await total('Device'), await total('Credential')]).toEqual(before.map(one => one - 1))
  })

  it('become the device that waits for them, where the workflow binds', async () => {
    const client = await people.client(
      loose(payload => {
        payload.enrollActions[0].deviceBinding = 'required'
      }),
    )
    const who = await people.somebody()
    const browser = await people.login(client, who.name)
    await people.protect(browser, who)
    const asked = { ...FIDO, enroll_step: 'getcredentialoptions', username: who.name }
    const without = await browser.json('enroll/fido', asked)
    expect([without.status, without.body.error, without.body.reason]).toEqual([400, 'not_allowed', 'no_pending_device'])
    const device = await scim(world, people.bearer, 'POST', '/Device', {
      externalId: `${who.name}.fido`,
      type: 'DT_FIDO',
      owner: { value: who.id },
    })
    expect(device.status).toBe(201)
    const held = { policy: { value: 'AT_FIDO' }, owner: { value: who.id } }
    expect((await scim(world, people.bearer, 'POST', '/Authenticator', held)).status).toBe(201)
    const key = new SoftAuthenticator()
    const nobody = await people.login(client, who.name)
    expect((await proved(nobody, {}, who.name)).body.error).toBe('invalid_grant')
    const made = await people.register(browser, who, key, { friendly_name: 'On my ring' })
    expect(made.body).toEqual({ device_id: device.body.id, friendly_name: 'On my ring' })
    const bound = await scim(world, people.bearer, 'GET', `/Device/${device.body.id}`)
    expect(bound.body).toMatchObject({ status: { status: 'ACTIVE' }, friendlyName: 'On my ring' })
    expect((await people.signIn(await people.login(client, who.name), key, who.name)).status).toBe(200)
  })
})
