/** Who may enrol a passkey, for whom, and which passkey: protection, tries, binding, copies, limits; and workflows that protect nothing. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rowsOf } from '#domain/ports/store.ts'
import { sql } from '#storage/sql.ts'
import { Browser } from '../sign-in/browser.ts'
import { api, engineNames, scim, startWorld, type World } from '../world.ts'
import { packedSelf } from './attesters.ts'
import { SoftAuthenticator } from './authenticator.ts'
import { creationOptions, FIDO, loose, PasskeyPeople, type Payload, registration } from './people.ts'

type Shown = { readonly status: number; readonly body: { readonly error?: string; readonly reason?: string } }
const shown = ({ status, body }: Shown) => [status, body.error, body.reason]
const UNPROTECTED = [403, 'not_allowed', 'protection_needed']
const refusedFor = (reason: string) => [400, 'not_allowed', reason]

const open = (payload: Payload) => {
  delete payload.enrollActions[0].protectionFactor
}

describe.each(engineNames)('enrolling a passkey on %s', engine => {
  let world: World
  let people: PasskeyPeople

  beforeAll(async () => {
    world = await startWorld(engine)
    people = await PasskeyPeople.of(world)
  })
  afterAll(() => world.close())

  const asked = (browser: Browser, username: string, headers: Record<string, string> = {}) =>
    browser.json('enroll/fido', { ...FIDO, enroll_step: 'getcredentialoptions', username }, headers)

  const ready = async (change?: (payload: Payload) => void) => {
    const client = await people.client(loose(change))
    const who = await people.somebody()
    const browser = await people.login(client, who.name)
    await people.protect(browser, who)
    return { client, who, browser, key: new SoftAuthenticator() }
  }

  it('is open for ten minutes, for whoever proved himself, in his own login', async () => {
    const { client, who, browser } = await ready()
    const other = await people.somebody()
    expect(shown(await asked(browser, other.name))).toEqual(UNPROTECTED)
    expect((await asked(browser, who.name)).status).toBe(200)
    expect(shown(await asked(await people.login(client, who.name), who.name))).toEqual(UNPROTECTED)
    const visitor = new Browser(world)
    await visitor.visit(client, browser.requestUri)
    expect(shown(await asked(visitor, who.name))).toEqual(UNPROTECTED)
    const again = await ready()
    world.pass(601)
    people = await PasskeyPeople.of(world)
    expect(shown(await asked(again.browser, again.who.name))).toEqual(UNPROTECTED)
  })

  it('is asked again for its protection when the passkey comes', async () => {
    const { who, browser, key } = await ready()
    const credential = key.create(await creationOptions(browser, who.name), people.origin)
    world.pass(601)
    people = await PasskeyPeople.of(world)
    expect(shown(await registration(browser, who.name, credential))).toEqual(UNPROTECTED)
  })

  it('the password as first factor is that protection too, another factor is not', async () => {
    const { client, who } = await ready()
    const browser = await people.login(client, who.name)
    await browser.code({ authType: 'AT_EMPPWD', username: who.name, password: who.password })
    expect((await asked(browser, who.name)).status).toBe(200)
    const held = await people.holder(client)
    const byKey = await people.login(client, held.who.name)
    expect((await people.signIn(byKey, held.key, held.who.name)).status).toBe(200)
    expect(shown(await asked(byKey, held.who.name))).toEqual(UNPROTECTED)
  })

  it('without protection: never by a bare request_uri, by the token of the client itself, or by signing in', async () => {
    const client = await people.client(loose(open))
    const stranger = await people.client(loose(open))
    const who = await people.somebody()
    const pushed = await people.login(client, who.name, false)
    expect(shown(await asked(pushed, who.name))).toEqual(UNPROTECTED)
    const by = (token: string) => ({ authorization: `Bearer ${token}` })
    expect(shown(await asked(pushed, who.name, by(stranger.token)))).toEqual(UNPROTECTED)
    expect(shown(await asked(pushed, 'nobody@x.example', by(client.token)))).toEqual(UNPROTECTED)
    const options = await asked(pushed, who.name, by(client.token))
    expect(options.status).toBe(200)
    const browser = await people.login(client, who.name)
    expect(shown(await asked(browser, who.name))).toEqual(UNPROTECTED)
    await browser.code({ authType: 'AT_EMPPWD', username: who.name, password: who.password })
    const key = new SoftAuthenticator()
    expect((await people.register(browser, who, key)).status).toBe(200)
    // R1: who has one needs it to add another. A password alone adds no second way in.
    const half = await people.login(client, who.name)
    await half.code({ authType: 'AT_EMPPWD', username: who.name, password: who.password })
    expect(shown(await asked(half, who.name))).toEqual(UNPROTECTED)
    expect((await people.signIn(half, key, who.name)).status).toBe(200)
    expect((await asked(half, who.name)).status).toBe(200)
  })

  it('takes a challenge once, of this enrolment, from this page', async () => {
    const { who, browser, key } = await ready()
    const options = await creationOptions(browser, who.name)
    const elsewhere = key.create(options, 'https://evil.example')
    expect((await registration(browser, who.name, elsewhere)).status).toBe(400)
    const credential = key.create(options, people.origin)
    expect(shown(await registration(browser, who.name, credential))).toEqual(refusedFor('no_challenge'))
    await browser.json('code', { ...FIDO, grant_type: 'fido_challenge', username: who.name })
    expect(shown(await registration(browser, who.name, credential))).toEqual(refusedFor('no_challenge'))
    // Three tries are up; the login goes on without it.
    expect(shown(await asked(browser, who.name))).toEqual([400, 'access_denied', undefined])
    expect((await browser.flow(who.name)).body.progress.step).toBe('first')
  })

  it('refuses what nobody vouches for, where models are listed or attestation is demanded', async () => {
    const listed = await ready(payload => {
      payload.enrollActions[0].allowedAAGUIDs = ['b93fd961-f2e6-462f-b122-82002247de78']
    })
    const options = await creationOptions(listed.browser, listed.who.name)
    expect(options.attestation).toBe('direct')
    const forger = new SoftAuthenticator({ aaguid: 'b93fd961-f2e6-462f-b122-82002247de78' })
    const bare = await registration(listed.browser, listed.who.name, forger.create(options, people.origin))
    expect([bare.status, typeof bare.body.reason]).toEqual([400, 'string'])
    const next = await creationOptions(listed.browser, listed.who.name)
    const self = await registration(listed.browser, listed.who.name, forger.create(next, people.origin, packedSelf))
    expect([self.status, typeof self.body.reason]).toEqual([400, 'string'])
    const rows = await world.ground.store.read(1, () =>
      rowsOf(
        sql<{
          body: Uint8Array
        }>`select body as "body" from audit_event where tenant_number = 1 order by id desc limit 9`,
      ),
    )
    const event = rows
      .map(({ body }) => JSON.parse(Buffer.from(body).toString()))
      .find(one => one.action === 'registerPasskey')
    expect(event).toMatchObject({ result: 'FAILURE', reason: self.body.reason })
  })

  it('one passkey is of one person, once', async () => {
    const one = await ready()
    const other = await ready()
    const mine = one.key.create(await creationOptions(one.browser, one.who.name), people.origin)
    expect((await registration(one.browser, one.who.name, mine)).status).toBe(200)
    const options = await creationOptions(other.browser, other.who.name)
    const copied = new SoftAuthenticator()
    const { response } = copied.create(options, people.origin)
    const stolen = { ...mine, response: { ...mine.response, clientDataJSON: response.clientDataJSON } }
    expect(shown(await registration(other.browser, other.who.name, stolen))).toEqual(refusedFor('known_passkey'))
  })

  it('ends at the limit of the device type', async () => {
    const path = `/configuration/${world.demo.tenant}/v2/Device/Type`
    const type = { id: 'DT_ONEKEY', copyFrom: 'DT_FIDO', name: 'One key', maximumDevicePerUser: 1 }
    expect((await api(world, people.bearer, 'POST', path, type)).status).toBe(201)
    const { who, browser, key } = await ready(payload => {
      payload.enrollActions[0].deviceType = 'DT_ONEKEY'
    })
    expect((await people.register(browser, who, key)).status).toBe(200)
    expect(shown(await asked(browser, who.name))).toEqual(refusedFor('too_many_passkeys'))
  })

  it('answers no device of another, and nothing of the passkey but its name', async () => {
    const { who, browser, key } = await ready()
    const made = await people.register(browser, who, key)
    const device = await scim(world, people.bearer, 'GET', `/Device/${made.body.device_id}`)
    const [credential] = device.body.children
    const shownKey = await scim(world, people.bearer, 'GET', `/Credential/${credential.value}`)
    expect(shownKey.body).toMatchObject({ type: 'CT_FIDOU2F', status: { status: 'ACTIVE' }, attributes: [] })
    expect(JSON.stringify([device.body, shownKey.body])).not.toContain(key.passkeys[0]!.userHandle)
  })
})
