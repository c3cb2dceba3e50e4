/** Exactly one wins: one assertion sent many times at once, one registration sent many times at once, many logins by one passkey. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { engineNames, type Reply, scim, startWorld, type World } from '../world.ts'
import { SoftAuthenticator } from './authenticator.ts'
import { creationOptions, FIDO, loose, PasskeyPeople, proved, registration } from './people.ts'

const MANY = 50

const successes = (replies: readonly Reply[]) => replies.filter(({ status }) => status === 200).length
const atOnce = (count: number, send: () => Promise<Reply>) => Promise.all(Array.from({ length: count }, send))

describe.each(engineNames)('on %s', engine => {
  let world: World
  let people: PasskeyPeople

  beforeAll(async () => {
    world = await startWorld(engine)
    people = await PasskeyPeople.of(world)
  })
  afterAll(() => world.close())

  it.each(['first', 'second'])(
    `${MANY} parallel posts of one assertion as the %s factor: exactly one success`,
    async step => {
      const client = await people.client(
        loose(payload => {
          for (const factor of [...payload.firstFactors, ...payload.secondFactors]) delete factor.retry
        }),
      )
      const { who, key } = await people.holder(client)
      const browser = await people.login(client, who.name)
      if (step === 'second') await browser.code({ authType: 'AT_EMPPWD', username: who.name, password: who.password })
      const assertion = await people.assertion(browser, key, who.name)
      const replies = await atOnce(MANY, () => proved(browser.copy(), assertion, who.name))
      expect(successes(replies)).toBe(1)
      expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([200, 400]))
      const { body } = await scim(world, people.bearer, 'GET', `/Authenticator/${who.id}.AT_FIDO`)
      expect(body.statistics).toMatchObject({ totalSuccess: '1', consecutiveFailed: '0' })
    },
  )

  it(`${MANY} parallel posts of one registration: one device`, async () => {
    const client = await people.client(loose(payload => void delete payload.enrollActions[0].retry))
    const who = await people.somebody()
    const browser = await people.login(client, who.name)
    await people.protect(browser, who)
    const credential = new SoftAuthenticator().create(await creationOptions(browser, who.name), people.origin)
    const replies = await atOnce(MANY, () => registration(browser.copy(), who.name, credential))
    expect(successes(replies)).toBe(1)
    const found = await scim(world, people.bearer, 'POST', '/Device/.search', { filter: `owner.value eq "${who.id}"` })
    expect(found.body.totalResults).toBe(1)
  })

  it('the limit of passkeys holds for many that come at once', async () => {
    const client = await people.client()
    const who = await people.somebody()
    const logins = []
    for (let times = 0; times < 14; times++) {
      const browser = await people.login(client, who.name)
      await people.protect(browser, who)
      const credential = new SoftAuthenticator().create(await creationOptions(browser, who.name), people.origin)
      logins.push({ browser, credential })
    }
    const replies = await Promise.all(
      logins.map(({ browser, credential }) => registration(browser, who.name, credential)),
    )
    expect(successes(replies)).toBe(10)
    expect(new Set(replies.filter(({ status }) => status !== 200).map(({ body }) => body.reason))).toEqual(
      new Set(['too_many_passkeys']),
    )
  })

  it('many logins at once by a passkey without a counter: each of them, and none twice', async () => {
    const client = await people.client()
    const { who, key } = await people.holder(client, { counter: null })
    const replies = await Promise.all(
      Array.from({ length: 20 }, async () => people.signIn(await people.login(client, who.name), key, who.name)),
    )
    expect(successes(replies)).toBe(20)
  })

  it('a challenge is asked again and again, within bounds', async () => {
    const client = await people.client()
    const { who } = await people.holder(client)
    const browser = await people.login(client, who.name)
    const asked = () => browser.json('code', { ...FIDO, grant_type: 'fido_challenge', username: who.name })
    const statuses: number[] = []
    for (let times = 0; times < 102; times++) statuses.push((await asked()).status)
    expect(statuses.slice(0, 100).every(status => status === 200)).toBe(true)
    expect(statuses.at(-1)).toBe(429)
  })
})
