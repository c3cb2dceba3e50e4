/**
 * H5, E1: a wrong assertion and a challenge cost the same for somebody with a passkey, without one, and for nobody: statements, commits,
 * signatures that are verified. Each figure is the least of several: slices of budgets are taken now and then.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { type Cost, type Measure, watchStore } from '../store-work.ts'
import { engineNames, startWorld, type World } from '../world.ts'
import { SoftAuthenticator } from './authenticator.ts'
import { FIDO, loose, PasskeyPeople, proved } from './people.ts'

const TIMES = 4

describe.each(engineNames)('on %s', engine => {
  let world: World
  let people: PasskeyPeople
  let measured: Measure

  beforeAll(async () => {
    world = await startWorld(engine)
    people = await PasskeyPeople.of(world)
    measured = await watchStore(world)
  })
  afterEach(() => vi.restoreAllMocks())
  afterAll(() => world.close())

  it.each([false, true])(
    'H5, E1: the same work for everybody, also where passkeys are found by the device: %s',
    async found => {
      const client = await people.client(
        loose(payload => {
          payload.firstFactors[1].discoverCredentialsInDevice = found
        }),
      )
      const holder = await people.holder(client)
      const bare = await people.somebody()
      const verifications = vi.spyOn(world.ground.passkeys, 'verifyAssertion')

      const cost = async (name: string) => {
        const least: { challenge?: Cost; answer?: Cost; verified: number } = { verified: 0 }
        for (let times = 0; times < TIMES; times++) {
          const browser = await people.login(client, name)
          verifications.mockClear()
          const asked = { ...FIDO, grant_type: 'fido_challenge', username: name }
          const options = await measured(() => browser.json('code', asked))
          const stranger = new SoftAuthenticator()
          stranger.create({ ...options.answer.body, rp: { id: 'localhost' }, user: { id: 'AA' } }, people.origin)
          const assertion = stranger.get(options.answer.body, people.origin)
          const answer = await measured(() => proved(browser, assertion.response, name))
          expect([answer.answer.status, answer.answer.body.error]).toEqual([400, 'invalid_grant'])
          least.challenge = lesser(least.challenge, options.cost)
          least.answer = lesser(least.answer, answer.cost)
          least.verified = verifications.mock.calls.length
        }
        return least
      }

      const known = await cost(holder.who.name)
      expect(await cost(bare.name)).toEqual(known)
      expect(await cost('nobody@x.example')).toEqual(known)
      expect(known.verified).toBe(1)
    },
  )
})

const lesser = (one: Cost | undefined, other: Cost): Cost => ({
  units: Math.min(one?.units ?? Number.POSITIVE_INFINITY, other.units),
  statements: Math.min(one?.statements ?? Number.POSITIVE_INFINITY, other.statements),
  commits: Math.min(one?.commits ?? Number.POSITIVE_INFINITY, other.commits),
})
