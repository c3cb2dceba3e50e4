/**
 * E1, H5: a card of nobody costs and answers what a wrong card of somebody does. O6: cards lock their own authenticator. H4: what breaks lets
 * nobody in. A tenant that moves takes its cards along; a restored one accepts no challenge of before.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { cardQueries } from '#storage/card.ts'
import { proofQueries } from '#storage/proof.ts'
import type { Payload, Somebody } from '../passkeys/people.ts'
import type { Browser, PortalClient } from '../sign-in/browser.ts'
import { type Measure, watchStore } from '../store-work.ts'
import { clientToken, engineNames, startWorld, type World } from '../world.ts'
import { CARD, CardPeople, cardFlow, type HeldCard, newCsn, proved, registration } from './people.ts'

const patient = (payload: Payload) => {
  payload.firstFactors[0].retry = 50
}

describe.each(engineNames)('cards on %s', engine => {
  let world: World
  let cards: CardPeople
  let measured: Measure

  beforeAll(async () => {
    world = await startWorld(engine)
    cards = await CardPeople.of(world)
    measured = await watchStore(world)
  })
  afterEach(() => vi.restoreAllMocks())
  afterAll(() => world.close())

  /** Names of all queries of a call, and its answer. */
  async function workOf(call: () => ReturnType<typeof proved>) {
    const { answer, names: asked } = await measured(call)
    const { status, text, headers } = answer
    return { status, text, names: [...headers.keys()].sort(), asked }
  }

  it.each(['none', 'cmac', 'ecdsa'] as const)(
    'E1, H5: %s: nobody, somebody without a card, and a wrong card',
    async kind => {
      const application = await cards.application(kind)
      const client = await cards.client(cardFlow([application], patient))
      const { who, card } = await cards.holder(client, cards.card(application, kind))
      const bare = await cards.people.somebody()
      const wrong: HeldCard = { ...cards.card(application, kind), csn: newCsn() }
      const works = []
      for (const name of [who.name, bare.name, 'nobody@nowhere.example']) {
        const browser = await cards.login(client)
        const challenge = kind === 'none' ? undefined : await cards.challenge(browser, name)
        const shown = await cards.shown(wrong, 'sign-in', challenge)
        works.push(await workOf(() => proved(browser, name, shown)))
        const asking = await cards.login(client)
        works.push(await workOf(() => asking.json('code', { ...CARD, grant_type: 'card_challenge', username: name })))
      }
      const [first, asked, ...others] = works
      expect(first?.status).toBe(400)
      expect(first?.asked.length).toBeGreaterThan(5)
      for (const [n, work] of others.entries()) {
        const same = n % 2 === 0 ? first : asked
        expect(work.asked).toEqual(same?.asked)
        expect([work.status, work.names]).toEqual([same?.status, same?.names])
        if (n % 2 === 0) expect(work.text).toBe(same?.text)
      }
      expect(card.csn).not.toBe(wrong.csn)
    },
  )

  it('O6: wrong numbers lock the authenticator of the cards, and nothing else', async () => {
    const application = await cards.application('none', { authenticatorPolicy: { disableThreshold: 3 } })
    const client = await cards.client(cardFlow([application], patient))
    const { who, card } = await cards.holder(client, cards.card(application, 'none'))
    const browser = await cards.login(client, who.name)
    const tries = [newCsn(), newCsn(), newCsn()].map(csn => ({ csn, type: 'Seos' }))
    for (const one of tries) expect((await proved(browser, who.name, one)).status).toBe(400)
    expect((await cards.signIn(browser, who.name, card)).status).toBe(400)
    expect((await cards.told('primaryAuthenticateCard')).reason).toBe('locked')
    const again = await cards.login(client, who.name)
    expect((await cards.people.protect(again, who)).status).toBe(200)
  })

  it.each(['none', 'cmac'] as const)('%s: twenty logins at once by one card are twenty logins', async kind => {
    const application = await cards.application(kind)
    const client = await cards.client(cardFlow([application]))
    const { who, card } = await cards.holder(client, cards.card(application, kind))
    const ready = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const browser = await cards.login(client, who.name)
        const challenge = kind === 'none' ? undefined : await cards.challenge(browser, who.name)
        return { browser, shown: await cards.shown(card, 'sign-in', challenge) }
      }),
    )
    const replies = await Promise.all(ready.map(({ browser, shown }) => proved(browser, who.name, shown)))
    expect(replies.map(({ status }) => status)).toEqual(replies.map(() => 200))
  })

  it('a login bears as many tries as its factor and its enrolment say', async () => {
    const application = await cards.application('cmac')
    const client = await cards.client(cardFlow([application]))
    const { who, card } = await cards.holder(client, cards.card(application, 'cmac'))
    const browser = await cards.login(client, who.name)
    for (const left of [2, 1, undefined]) {
      const { body } = await proved(browser, who.name, { csn: card.csn, type: 'Seos' })
      expect([body.error, body.retries_left]).toEqual([left === undefined ? 'access_denied' : 'invalid_grant', left])
    }
    expect((await cards.signIn(await cards.login(client, who.name), who.name, card)).status).toBe(200)
    const enrolling = await cards.login(client, who.name)
    await cards.people.protect(enrolling, who)
    const bad = { csn: newCsn(), type: 'Seos', application }
    for (let n = 0; n < 3; n++) expect((await registration(enrolling, who.name, bad)).status).toBe(400)
    const late = await registration(enrolling, who.name, bad)
    expect([late.status, late.body.error]).toEqual([400, 'access_denied'])
  })

  it('H4: a fault at any step lets nobody in, and enrols nothing by half', async () => {
    const application = await cards.application('cmac')
    const client = await cards.client(cardFlow([application], patient))
    const { who, card } = await cards.holder(client, cards.card(application, 'cmac'))
    const planted = () => {
      throw new Error('planted')
    }
    const faults = [
      () => vi.spyOn(cardQueries, 'cards').mockImplementation(planted),
      () => vi.spyOn(proofQueries, 'advance').mockImplementation(planted),
      () => vi.spyOn(proofQueries, 'settle').mockImplementation(planted),
    ]
    for (const plant of faults) {
      const browser = await cards.login(client, who.name)
      const right = await cards.shown(card, 'sign-in', await cards.challenge(browser, who.name))
      plant()
      expect((await proved(browser, who.name, right)).status).toBe(500)
      vi.restoreAllMocks()
      expect((await browser.end().catch(() => undefined))?.get('code') ?? null).toBeNull()
    }
    const somebody = await cards.people.somebody()
    const fresh = cards.card(application, 'cmac')
    const browser = await cards.login(client, somebody.name)
    await cards.people.protect(browser, somebody)
    vi.spyOn(cardQueries, 'addCard').mockImplementation(planted)
    expect((await cards.register(browser, somebody.name, fresh)).status).toBe(500)
    vi.restoreAllMocks()
    expect((await cards.enrol(client, somebody, fresh)).status).toBe(200)
  })

  it('a tenant that moves takes its cards and their master key along', async () => {
    const application = await cards.application('cmac')
    const client = await cards.client(cardFlow([application]))
    const { who, card } = await cards.holder(client, cards.card(application, 'cmac'))
    const { archive } = world.office
    const lines: string[] = []
    for await (const line of archive.export(world.demo.tenant, 'correct horse battery staple', true)) lines.push(line)
    expect(lines.join('\n').toLowerCase()).not.toContain('00112233445566778899aabbccddeeff')
    await archive.import(
      async function* () {
        yield* lines
      } as never,
      'correct horse battery staple',
      'moved',
    )
    const there: World = { ...world, demo: { ...world.demo, tenant: 'moved' } }
    const moved = await CardPeople.of(there)
    const token = await clientTokenOf(there, client)
    await signsIn(moved, { ...client, token }, who, card)
  })

  async function signsIn(people: CardPeople, client: PortalClient, who: Somebody, card: HeldCard): Promise<Browser> {
    const browser = await people.login(client, who.name)
    const reply = await people.signIn(browser, who.name, card)
    expect([reply.status, reply.text]).toEqual([200, expect.anything()])
    return browser
  }
  const clientTokenOf = (there: World, { id, secret }: PortalClient) =>
    clientToken({ ...there, demo: { ...there.demo, client: { client_id: id, client_secret: secret } } })
})
