/** What a passkey does not open: other challenges, other people, other places, clones, strangers, and too many tries. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { rowsOf } from '#domain/ports/store.ts'
import { sql } from '#storage/sql.ts'
import { engineNames, startWorld, type World } from '../world.ts'
import { SoftAuthenticator } from './authenticator.ts'
import { FIDO, loose, PasskeyPeople, proved } from './people.ts'

const WRONG = [400, 'invalid_grant']
type Shown = { readonly status: number; readonly body: { readonly error?: string } }
const shown = ({ status, body }: Shown) => [status, body.error]

describe.each(engineNames)('refused on %s', engine => {
  let world: World
  let people: PasskeyPeople

  beforeAll(async () => {
    world = await startWorld(engine)
    people = await PasskeyPeople.of(world)
  })
  afterEach(() => vi.restoreAllMocks())
  afterAll(() => world.close())

  const patient = () =>
    people.client(
      loose(payload => {
        for (const factor of payload.firstFactors) factor.retry = 20
      }),
    )

  const lastEvent = async (action: string) => {
    const rows = await world.ground.store.read(1, () =>
      rowsOf(
        sql<{
          body: Uint8Array
        }>`select body as "body" from audit_event where tenant_number = 1 order by id desc limit 40`,
      ),
    )
    return rows.map(({ body }) => JSON.parse(Buffer.from(body).toString())).find(one => one.action === action)
  }

  it('an assertion over another challenge, and one that was used before', async () => {
    const client = await patient()
    const { who, key } = await people.holder(client)
    const browser = await people.login(client, who.name)
    const other = await people.login(client, who.name)
    const foreign = await people.assertion(other, key, who.name)
    await people.assertion(browser, key, who.name)
    expect(shown(await proved(browser, foreign, who.name))).toEqual(WRONG)
    // The challenge is spent, whatever the answer was.
    const asked = await people.assertion(browser, key, who.name)
    expect(
      shown(await proved(browser, { ...asked, response: { ...asked.response, signature: 'AAAA' } }, who.name)),
    ).toEqual(WRONG)
    expect(shown(await proved(browser, asked, who.name))).toEqual(WRONG)
    expect(await lastEvent('primaryAuthenticateFIDO')).toMatchObject({ result: 'FAILURE', reason: 'no_challenge' })
    const right = await people.assertion(browser, key, who.name)
    expect((await proved(browser, right, who.name)).status).toBe(200)
    const replayed = await people.login(client, who.name)
    await people.assertion(replayed, key, who.name)
    expect(shown(await proved(replayed, right, who.name))).toEqual(WRONG)
  })

  it('a challenge of more than five minutes ago', async () => {
    const client = await patient()
    const { who, key } = await people.holder(client)
    const browser = await people.login(client, who.name)
    const assertion = await people.assertion(browser, key, who.name)
    world.pass(301)
    people = await PasskeyPeople.of(world)
    expect(shown(await proved(browser, assertion, who.name))).toEqual(WRONG)
    expect((await people.signIn(browser, key, who.name)).status).toBe(200)
  })

  it('a counter that went back: perhaps a clone, and the audit says so', async () => {
    const client = await patient()
    const { who, key } = await people.holder(client)
    const clone = new SoftAuthenticator()
    clone.passkeys.push({ ...key.passkeys[0]! })
    for (let times = 0; times < 3; times++) await people.signIn(await people.login(client, who.name), key, who.name)
    const browser = await people.login(client, who.name)
    expect(shown(await people.signIn(browser, clone, who.name))).toEqual(WRONG)
    expect(await lastEvent('primaryAuthenticateFIDO')).toMatchObject({ result: 'FAILURE', reason: 'counter_went_back' })
    expect((await people.signIn(browser, key, who.name)).status).toBe(200)
  })

  it('keys without a counter are no clones', async () => {
    const client = await patient()
    const { who, key } = await people.holder(client, { counter: null, backupEligible: true, backedUp: true })
    for (let times = 0; times < 2; times++) {
      expect((await people.signIn(await people.login(client, who.name), key, who.name)).status).toBe(200)
    }
  })

  it('a person who was not verified, where the workflow asks for it, and another page or relying party', async () => {
    const client = await patient()
    const { who, key } = await people.holder(client)
    const browser = await people.login(client, who.name)
    const lax = new SoftAuthenticator({ userVerified: false })
    lax.passkeys.push({ ...key.passkeys[0]!, counter: 50 })
    expect(shown(await people.signIn(browser, lax, who.name))).toEqual(WRONG)
    const options = await browser.json('code', { ...FIDO, grant_type: 'fido_challenge', username: who.name })
    expect(shown(await proved(browser, key.get(options.body, 'https://evil.example'), who.name))).toEqual(WRONG)
    const again = await browser.json('code', { ...FIDO, grant_type: 'fido_challenge', username: who.name })
    const passkey = { ...key.passkeys[0]!, rpId: 'evil.example' }
    expect(shown(await proved(browser, key.get(again.body, people.origin, passkey), who.name))).toEqual(WRONG)
  })

  it("the passkey of somebody else, by his id, by his handle, and as a second factor after one's own password", async () => {
    const client = await patient()
    const one = await people.holder(client, { discoverable: true })
    const other = await people.holder(client, { discoverable: true })
    const browser = await people.login(client, one.who.name)
    expect(shown(await people.signIn(browser, other.key, one.who.name))).toEqual(WRONG)
    const { response } = await people.assertion(browser, one.key, one.who.name)
    const forged = { ...response, userHandle: other.key.passkeys[0]!.userHandle }
    expect(shown(await proved(browser, forged, one.who.name))).toEqual(WRONG)
    await browser.code({ authType: 'AT_EMPPWD', username: one.who.name, password: one.who.password })
    expect(shown(await people.signIn(browser, other.key, one.who.name))).toEqual(WRONG)
    expect((await people.signIn(browser, one.key, one.who.name)).status).toBe(200)
  })

  it('more wrong answers than the workflow bears end the login, and lock nobody out', async () => {
    const client = await people.client()
    const { who, key } = await people.holder(client)
    for (let logins = 0; logins < 4; logins++) {
      const browser = await people.login(client, who.name)
      const left: unknown[] = []
      for (let tries = 0; tries < 3; tries++)
        left.push((await proved(browser, { signature: 'no' }, who.name)).body.retries_left)
      expect(left).toEqual([2, 1, undefined])
      const late = await browser.json('code', { ...FIDO, grant_type: 'fido_challenge', username: who.name })
      expect(shown(late)).toEqual([400, 'access_denied'])
    }
    expect((await people.signIn(await people.login(client, who.name), key, who.name)).status).toBe(200)
  })

  it('E1: names that nobody has get what names without a passkey get, the same each time', async () => {
    const client = await people.client(
      loose(payload => {
        delete payload.firstFactors[1].discoverCredentialsInDevice
      }),
    )
    const { who } = await people.holder(client)
    const bare = await people.somebody()
    const asked = async (username: string) => {
      const browser = await people.login(client, username)
      const { status, body } = await browser.json('code', { ...FIDO, grant_type: 'fido_challenge', username })
      const wrong = await proved(browser, { signature: 'no' }, username)
      return { ids: body.allowCredentials, shape: [status, Object.keys(body), shown(wrong), wrong.body] }
    }
    const [real, known, nobody, again] = [
      await asked(who.name),
      await asked(bare.name),
      await asked('nobody@x.example'),
      await asked('nobody@x.example'),
    ]
    expect(known.shape).toEqual(real.shape)
    expect(nobody.shape).toEqual(real.shape)
    expect(again.ids).toEqual(nobody.ids)
    expect(known.ids).not.toEqual(nobody.ids)
    // As many for everybody.
    const one = { type: 'public-key', id: expect.any(String) }
    for (const { ids } of [real, known, nobody]) expect(ids).toEqual([one, one, one])
  })

  it('assertions for what is no passkey, and texts for what is none', async () => {
    const client = await people.client()
    const { who } = await people.holder(client)
    const browser = await people.login(client, who.name)
    const assertion = { clientDataJSON: 'e30', authenticatorData: 'AA', signature: 'AA', userHandle: null }
    const object = await browser.json('code', {
      authType: 'AT_EMPPWD',
      grant_type: 'password',
      username: who.name,
      password: assertion,
    })
    expect(shown(object)).toEqual([400, 'invalid_request'])
    const long = await browser.json('code', {
      authType: 'AT_EMPPWD',
      grant_type: 'password',
      username: who.name,
      password: 'x'.repeat(513),
    })
    expect(shown(long)).toEqual([400, 'invalid_request'])
    const challenge = await browser.json('code', {
      authType: 'AT_EMPPWD',
      grant_type: 'fido_challenge',
      username: who.name,
    })
    expect(shown(challenge)).toEqual([400, 'invalid_request'])
    await browser.json('code', { ...FIDO, grant_type: 'fido_challenge', username: who.name })
    expect(shown(await proved(browser, 'no JSON', who.name))).toEqual(WRONG)
  })

  it('H4: everything, while what verifies passkeys is broken', async () => {
    const client = await patient()
    const { who, key } = await people.holder(client)
    const browser = await people.login(client, who.name)
    const assertion = await people.assertion(browser, key, who.name)
    vi.spyOn(world.ground.passkeys, 'verifyAssertion').mockRejectedValue(new Error('planted'))
    const reply = await proved(browser, assertion, who.name)
    expect(shown(reply)).toEqual([500, 'server_error'])
    expect(reply.text).not.toContain('planted')
    vi.restoreAllMocks()
    // It was an attempt: its challenge is spent.
    expect(shown(await proved(browser, assertion, who.name))).toEqual(WRONG)
  })
})
