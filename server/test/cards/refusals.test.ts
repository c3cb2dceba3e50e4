/**
 * What a card does not open: an answer that is relayed, replayed, of another login, another use, another page, another application, of a
 * clone that has the number and not the key; fifty at once; and what one without proof never claims.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Payload } from '../passkeys/people.ts'
import { redeem } from '../sign-in/browser.ts'
import { basic, engineNames, startWorld, token, type World } from '../world.ts'
import { CARD, CardPeople, cardFlow, claims, type HeldCard, newCsn, proved, registration } from './people.ts'

const patient = (payload: Payload) => {
  payload.firstFactors[0].retry = 50
  payload.enrollActions[0].retry = 50
}
const WRONG = [400, 'invalid_grant']
const shown = ({ status, body }: { status: number; body: { error?: string } }) => [status, body.error]

describe.each(engineNames)('cards are refused on %s', engine => {
  let world: World
  let cards: CardPeople

  beforeAll(async () => {
    world = await startWorld(engine)
    cards = await CardPeople.of(world)
  })
  afterAll(() => world.close())

  describe.each(['cmac', 'ecdsa'] as const)('%s', kind => {
    async function ready(change: (payload: Payload) => void = patient) {
      const application = await cards.application(kind, { authenticatorPolicy: { disableThreshold: 100 } })
      const client = await cards.client(cardFlow([application], change))
      const { who, card } = await cards.holder(client, cards.card(application, kind))
      return { application, client, who, card, browser: await cards.login(client, who.name) }
    }
    const reason = async () => (await cards.told('primaryAuthenticateCard')).reason

    it('relayed into another login, or for another use, or by another page', async () => {
      const { client, who, card, browser } = await ready()
      const other = await cards.login(client, who.name)
      const foreign = await cards.shown(card, 'sign-in', await cards.challenge(other, who.name))
      await cards.challenge(browser, who.name)
      expect(shown(await proved(browser, who.name, foreign))).toEqual(WRONG)
      expect(await reason()).toBe('wrong')
      const enrolling = await cards.shown(card, 'enrol', await cards.challenge(browser, who.name))
      expect(shown(await proved(browser, who.name, enrolling))).toEqual(WRONG)
      const challenge = await cards.challenge(browser, who.name)
      const phished = await cards.shown(card, 'sign-in', challenge, 'https://id.example.evil')
      expect(shown(await proved(browser, who.name, phished))).toEqual(WRONG)
      expect(await reason()).toBe('origin')
      const lying = {
        ...(await cards.shown(card, 'sign-in', await cards.challenge(browser, who.name), 'https://id.example.evil')),
        origin: cards.origin,
      }
      expect(shown(await proved(browser, who.name, lying))).toEqual(WRONG)
      expect(await reason()).toBe('wrong')
    })

    it('replayed: a challenge is good once, also after a wrong answer, and for two minutes', async () => {
      const { client, who, card, browser } = await ready()
      const right = await cards.shown(card, 'sign-in', await cards.challenge(browser, who.name))
      expect((await proved(browser, who.name, { ...right, answer: 'AAAAAAAAAAAAAAAAAAAAAA' })).status).toBe(400)
      expect(shown(await proved(browser, who.name, right))).toEqual(WRONG)
      expect(await reason()).toBe('no_challenge')
      const late = await cards.shown(card, 'sign-in', await cards.challenge(browser, who.name))
      world.pass(121)
      expect(shown(await proved(browser, who.name, late))).toEqual(WRONG)
      expect(await reason()).toBe('no_challenge')
      const good = await cards.shown(card, 'sign-in', await cards.challenge(browser, who.name))
      expect((await proved(browser, who.name, good)).status).toBe(200)
      const next = await cards.login(client, who.name)
      expect(shown(await proved(next, who.name, good))).toEqual(WRONG)
    })

    it('a clone of the serial number, and the number without an answer', async () => {
      const { application, who, card, browser } = await ready()
      const key =
        kind === 'cmac'
          ? { key: randomBytes(16).toString('hex') }
          : { privateKey: cards.card(application, kind).privateKey ?? '' }
      const clone: HeldCard = { ...card, ...key }
      expect(shown(await cards.signIn(browser, who.name, clone))).toEqual(WRONG)
      expect(await reason()).toBe('wrong')
      expect(shown(await proved(browser, who.name, { csn: card.csn, type: 'Seos' }))).toEqual(WRONG)
      expect(await reason()).toBe('no_answer')
    })

    it('a card of another application, of another make, of another person, of nobody', async () => {
      const { application, client, who, card, browser } = await ready()
      const { who: neighbour, card: his } = await cards.holder(client, cards.card(application, kind))
      expect(shown(await cards.signIn(browser, who.name, his))).toEqual(WRONG)
      expect(await reason()).toBe('no_card')
      expect(shown(await cards.signIn(browser, 'nobody@test.example', card))).toEqual(WRONG)
      const challenge = await cards.challenge(browser, who.name)
      const right = await cards.shown(card, 'sign-in', challenge)
      expect(shown(await proved(browser, who.name, { ...right, type: 'MIFARE Classic' }))).toEqual(WRONG)
      expect(await reason()).toBe('other_application')
      expect(shown(await proved(browser, neighbour.name, { ...right, application: 'APP_OTHER' }))).toEqual(WRONG)
    })

    it('is enrolled once, with a proof, by whoever it was asked of', async () => {
      const { application, client, who, card } = await ready()
      const other = await cards.people.somebody()
      const browser = await cards.login(client, other.name)
      await cards.people.protect(browser, other)
      expect(
        (await cards.register(browser, other.name, { ...cards.card(application, kind, card.csn) })).body.reason,
      ).toBe('known_card')
      const fresh = cards.card(application, kind)
      const bare = await registration(browser, other.name, { csn: fresh.csn, type: 'Seos', application })
      expect([bare.status, typeof bare.body.reason]).toEqual([400, 'string'])
      const sign = await cards.shown(
        fresh,
        'sign-in',
        (await browser.json('enroll/card', { ...CARD, enroll_step: 'getchallenge', username: other.name })).body
          .challenge,
      )
      expect((await registration(browser, other.name, sign)).status).toBe(400)
      expect((await cards.register(browser, other.name, fresh)).status).toBe(200)
      expect(who.name).not.toBe(other.name)
    })

    it('fifty posts of one answer: one is taken', async () => {
      const { who, card, browser } = await ready()
      const right = await cards.shown(card, 'sign-in', await cards.challenge(browser, who.name))
      const windows = Array.from({ length: 50 }, () => browser.copy())
      const replies = await Promise.all(windows.map(one => proved(one, who.name, right)))
      expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(replies.every(({ status }) => status < 500)).toBe(true)
    })
  })

  it('fifty enrol one card: it is of one', async () => {
    const application = await cards.application('none')
    const client = await cards.client(cardFlow([application]))
    const csn = newCsn()
    const people = await Promise.all(Array.from({ length: 10 }, () => cards.people.somebody()))
    const logins = await Promise.all(
      people.map(async who => {
        const browser = await cards.login(client, who.name)
        await cards.people.protect(browser, who)
        return { who, browser }
      }),
    )
    const tries = logins.flatMap(one => [one, one, one, one, one])
    const replies = await Promise.all(
      tries.map(({ who, browser }) => registration(browser.copy(), who.name, { csn, type: 'Seos', application })),
    )
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  describe('a card without proof', () => {
    async function holder(change: (payload: Payload) => void) {
      const application = await cards.application('none')
      const client = await cards.client(cardFlow([application], change))
      return { application, client, ...(await cards.holder(client, cards.card(application, 'none'))) }
    }
    const otherFactor = {
      factorId: 'factor.password',
      accessCriteriaId: 'access_criteria.common_to_all',
      code: 'AT_EMPPWD',
      type: 'LOGIN',
      acr: '5',
      amr: 'pwd',
    }

    it('ends no login where nobody wrote that it is enough', async () => {
      const { who, card, client } = await holder(payload => {
        delete payload.firstFactors[0].stepUp
        patient(payload)
      })
      const browser = await cards.login(client, who.name)
      expect(shown(await cards.signIn(browser, who.name, card))).toEqual(WRONG)
      expect((await cards.told('primaryAuthenticateCard')).reason).toBe('identifier_only')
    })

    it('is no second factor', async () => {
      const { who, card, client } = await holder(payload => {
        payload.secondFactors = [{ ...payload.firstFactors[0], factorId: 'factor.card2', stepUp: undefined }]
        payload.firstFactors = [{ ...otherFactor, stepUp: 'required' }]
      })
      const browser = await cards.login(client, who.name)
      const stepped = await browser.code({ authType: 'AT_EMPPWD', username: who.name, password: who.password })
      expect(stepped.body.error).toBe('step_up_required')
      expect(stepped.body.secondFactors[0]).not.toHaveProperty('acr')
      expect((await cards.signIn(browser, who.name, card)).status).toBe(400)
    })

    it('before another factor it gives a name, and the login claims no acr of the workflow and no second factor', async () => {
      const { who, card, client } = await holder(payload => {
        payload.firstFactors[0].stepUp = 'required'
        payload.secondFactors = [{ ...otherFactor }]
      })
      const browser = await cards.login(client, who.name)
      expect((await cards.signIn(browser, who.name, card)).body.error).toBe('step_up_required')
      const done = await browser.code({ authType: 'AT_EMPPWD', username: who.name, password: who.password })
      expect(done.status).toBe(200)
      const { body } = await redeem(world, client, (await browser.end()).get('code') ?? '')
      expect(claims(body.id_token)).toMatchObject({ acr: 'urn:hidaaas:policy:at_emppwd', amr: ['pwd'] })
    })

    it('never answers a request for an acr that is written beside it', async () => {
      const { who, card, client } = await holder(payload => {
        payload.accessCriteria[0].authenticators.acrFiltering = true
      })
      const browser = await cards.login(client, who.name, { acr_values: '4' })
      expect((await cards.signIn(browser, who.name, card)).status).toBe(400)
      const strong = await cards.application('cmac')
      const mixed = await cards.client(
        cardFlow([strong, card.application], payload => {
          payload.accessCriteria[0].authenticators.acrFiltering = true
          patient(payload)
        }),
      )
      const login = await cards.login(mixed, who.name, { acr_values: '4' })
      expect(shown(await proved(login, who.name, await cards.shown(card, 'sign-in')))).toEqual(WRONG)
      expect((await cards.told('primaryAuthenticateCard')).reason).toBe('identifier_only')
    })

    it('is no password of the token endpoint, nor is a code of a token one under its policy', async () => {
      const { who, card, application } = await holder(() => undefined)
      const { client_id, client_secret } = world.demo.client
      for (const password of [JSON.stringify({ csn: card.csn, type: 'Seos' }), card.csn, '123456']) {
        for (const authType of ['AT_CARD', `${application}_AT_CARD`]) {
          const fields = { grant_type: 'password', username: who.name, authType, password }
          expect((await token(world, fields, { authorization: basic(client_id, client_secret) })).status).toBe(400)
        }
      }
    })

    it('compares serial numbers as such: lower case and colons are the same, other bytes are not', async () => {
      const { who, card, client } = await holder(patient)
      const browser = await cards.login(client, who.name)
      const printed = card.csn.toLowerCase().match(/../g)?.join(':') ?? ''
      for (const csn of [
        `${card.csn}00`,
        card.csn.slice(2),
        `0${card.csn.slice(1)}`,
        card.csn.replace(/..$/, ''),
        '',
        '*',
        "' or 1=1",
      ]) {
        if (csn !== card.csn) expect((await proved(browser, who.name, { csn, type: 'Seos' })).status).toBe(400)
      }
      expect((await proved(browser, who.name, { csn: printed, type: 'Seos' })).status).toBe(200)
    })
  })
})
