/** Cards through the calls of a login: enrolled after the protection factor, signed in with, in all three kinds; and what stands in SCIM after. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { redeem } from '../sign-in/browser.ts'
import { api, engineNames, scim, startWorld, type World } from '../world.ts'
import { CARD, CardPeople, cardFlow, claims, type Kind, newCsn, proved, registration } from './people.ts'

const kinds: readonly Kind[] = ['none', 'cmac', 'ecdsa']

describe.each(engineNames)('cards in a login on %s', engine => {
  let world: World
  let cards: CardPeople

  beforeAll(async () => {
    world = await startWorld(engine)
    cards = await CardPeople.of(world)
  })
  afterAll(() => world.close())

  it.each(kinds)('%s: enrolled by its owner, then it signs him in, and his devices list it', async kind => {
    const application = await cards.application(kind)
    const client = await cards.client(cardFlow([application]))
    const who = await cards.people.somebody()
    const card = cards.card(application, kind)
    const early = await cards.login(client, who.name)
    const offered = await early.flow(who.name)
    expect(offered.body.enrollActions[0]).toMatchObject({
      enrollId: 'enroll_action.card',
      cards: [{ application, types: ['Seos'], proof: kind }],
    })
    const unprotected = await registration(early, who.name, await cards.shown(card, 'enrol'))
    expect([unprotected.status, unprotected.body.reason]).toEqual([403, 'protection_needed'])
    const enrolled = await cards.enrol(client, who, card)
    expect([enrolled.status, enrolled.text]).toEqual([200, expect.stringContaining('device_id')])

    const browser = await cards.login(client, who.name)
    const flow = await browser.flow(who.name)
    expect(flow.body.firstFactors[0]).toMatchObject({ type: 'CARD', cards: [{ application, proof: kind }] })
    const done = await cards.signIn(browser, who.name, card)
    expect([done.status, done.text]).toEqual([200, expect.anything()])
    const answer = await redeem(world, client, (await browser.end()).get('code') ?? '')
    expect(answer.status).toBe(200)
    const { acr, amr } = claims(answer.body.id_token)
    if (kind === 'none')
      expect([acr, amr]).toEqual([`urn:hidaaas:policy:${application.toLowerCase()}_at_card`, undefined])
    else expect([acr, amr]).toEqual(['4', ['pop']])

    const device = await scim(world, cards.people.bearer, 'GET', `/Device/${enrolled.body.device_id}`)
    expect(device.body).toMatchObject({
      externalId: card.csn,
      type: `${application}_DT_CARD`,
      owner: { value: who.id },
      status: { status: 'ACTIVE' },
    })
    const authenticator = await scim(
      world,
      cards.people.bearer,
      'GET',
      `/Authenticator/${who.id}.${application}_AT_CARD`,
    )
    expect([authenticator.status, authenticator.body.status?.status]).toEqual([200, 'ENABLED'])
    expect((await cards.told('primaryAuthenticateCard')).parameters.TEXT1).toBe(
      kind === 'none' ? 'identifier only' : undefined,
    )
  })

  it('one flow takes cards of several applications, and each is judged by its own', async () => {
    const [bare, strong] = [await cards.application('none'), await cards.application('cmac')]
    const client = await cards.client(cardFlow([bare, strong]))
    const { who } = await cards.holder(client, cards.card(bare, 'none'))
    const second = cards.card(strong, 'cmac')
    const browser = await cards.login(client, who.name)
    await cards.people.protect(browser, who)
    expect((await cards.register(browser, who.name, second)).status).toBe(200)
    const login = await cards.login(client, who.name)
    // Its serial number alone does not make it a card of the weaker application.
    expect((await proved(login, who.name, { csn: second.csn, type: 'Seos' })).status).toBe(400)
    expect((await proved(login, who.name, { csn: second.csn, type: 'Seos', application: bare })).status).toBe(400)
    expect((await cards.signIn(login, who.name, second)).status).toBe(200)
  })

  it('a policy of its own stands in workflows in the place of AT_CARD', async () => {
    const application = await cards.application('cmac')
    const policy = `${application}_AT_CARD`
    const client = await cards.client(
      cardFlow([application], payload => {
        payload.firstFactors[0].code = policy
      }),
    )
    const { who, card } = await cards.holder(client, cards.card(application, 'cmac'))
    const browser = await cards.login(client, who.name)
    const asked = await browser.json('code', { authType: policy, grant_type: 'card_challenge', username: who.name })
    const password = await cards.shown(card, 'sign-in', asked.body.challenge)
    const done = await browser.json('code', {
      authType: policy,
      grant_type: 'password',
      username: who.name,
      password: JSON.stringify(password),
    })
    expect([done.status, done.text]).toEqual([200, expect.anything()])
  })

  it('binding: the device that an administrator made under the serial number, and no other', async () => {
    const application = await cards.application('cmac')
    const client = await cards.client(
      cardFlow([application], payload => {
        payload.enrollActions[0].deviceBinding = 'required'
      }),
    )
    const who = await cards.people.somebody()
    const csn = newCsn()
    const made = await scim(world, cards.people.bearer, 'POST', '/Device', {
      externalId: csn,
      type: `${application}_DT_CARD`,
      status: { status: 'PENDING' },
      owner: { value: who.id },
    })
    expect(made.status).toBe(201)
    const browser = await cards.login(client, who.name)
    await cards.people.protect(browser, who)
    const other = await cards.register(browser, who.name, cards.card(application, 'cmac'))
    expect([other.status, other.body.reason]).toEqual([400, 'no_pending_device'])
    const mine = await cards.register(browser, who.name, cards.card(application, 'cmac', csn))
    expect([mine.status, mine.body.device_id]).toEqual([200, made.body.id])
  })

  it('a suspended card signs nobody in, and one that is active again does', async () => {
    const application = await cards.application('ecdsa')
    const client = await cards.client(cardFlow([application]))
    const { who, card, device } = await cards.holder(client, cards.card(application, 'ecdsa'))
    const put = (status: string) => scim(world, cards.people.bearer, 'PUT', `/Device/${device}`, { status: { status } })
    expect((await put('SUSPENDED')).status).toBe(200)
    const browser = await cards.login(client, who.name)
    expect((await cards.signIn(browser, who.name, card)).status).toBe(400)
    expect((await put('ACTIVE')).status).toBe(200)
    expect((await cards.signIn(browser, who.name, card)).status).toBe(200)
  })

  it('an application in use stays; without its cards it goes with all that followed from it', async () => {
    const application = await cards.application('none')
    const client = await cards.client(cardFlow(['APP_NOBODYS', application]))
    const { who, device } = await cards.holder(client, cards.card(application, 'none'))
    const drop = () => api(world, cards.people.bearer, 'DELETE', `${cards.path}/${application}`)
    expect((await drop()).status).toBe(400)
    expect((await scim(world, cards.people.bearer, 'DELETE', `/Device/${device}`)).status).toBe(204)
    expect(
      (await scim(world, cards.people.bearer, 'DELETE', `/Authenticator/${who.id}.${application}_AT_CARD`)).status,
    ).toBe(204)
    // The workflow still names it.
    expect((await drop()).status).toBe(400)
    expect(CARD.authType).toBe('AT_CARD')
  })
})
