/**
 * What a sign-in costs, call by call: statements and durable commits (docs/decisions/hot-path.md). Each figure is the least of several
 * sign-ins: slices of budgets are taken, and what is held is read anew, now and then. A figure that rises is a decision, and is written there.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Cost, type Measure, watchStore } from '../store-work.ts'
import { clientToken, giveAuthenticator, giveToken, hotpOf, makeUser, startWorld, type World } from '../world.ts'
import { Browser, type PortalClient, portalClient, push, redeem } from './browser.ts'

const POLICY = 'AT_OTP'
const all = { accessCriteriaId: 'all' }
const filtering = { firstFactorsFiltering: true, secondFactorsFiltering: true, acrFiltering: true }
const workflow = {
  accessCriteria: [{ ...all, authenticators: filtering }],
  firstFactors: [
    { ...all, factorId: 'otp', code: POLICY, class: 'OTP', acr: 'middle', step_up: 'notRequired', retry: 3 },
  ],
}

let world: World
let client: PortalClient
let measured: Measure
let name: string
let seed: Uint8Array

beforeAll(async () => {
  world = await startWorld('SQLite')
  const bearer = await clientToken(world)
  name = `${randomUUID().slice(0, 8)}@example.org`
  const { id } = await makeUser(world, bearer, name)
  seed = (await giveToken(world, bearer, id, 'DT_POCK_OE')).seed
  await giveAuthenticator(world, bearer, id, POLICY)
  client = await portalClient(world, bearer, workflow)
  measured = await watchStore(world)
})
afterAll(() => world.close())

const counter = { next: 0 }

/** Through the same calls as the bench; a browser of a person makes one more, the visit. */
async function signIn(visiting: boolean): Promise<Record<string, Cost>> {
  const browser = new Browser(world)
  const pushed = await measured(() => push(world, client))
  browser.requestUri = pushed.answer
  const visit = visiting ? await measured(() => browser.visit(client, pushed.answer)) : undefined
  const flow = await measured(() => browser.flow(name))
  const proof = { authType: POLICY, username: name, password: hotpOf(seed, counter.next++) }
  const proved = await measured(() => browser.code(proof))
  expect([flow.answer.status, proved.answer.status]).toEqual([200, 200])
  const last = `code?request_uri=${encodeURIComponent(pushed.answer)}`
  const end = await measured(() => browser.get(last, { 'server-csrf-token': browser.csrf ?? '' }))
  const code = new URL(end.answer.headers.get('location') ?? '').searchParams.get('code') ?? ''
  const tokens = await measured(() => redeem(world, client, code))
  expect(tokens.answer.body.id_token).toBeTruthy()
  const costs = { par: pushed.cost, flow: flow.cost, code: proved.cost, end: end.cost, token: tokens.cost }
  return visit ? { ...costs, login: visit.cost } : costs
}

it('costs so many statements and commits', async () => {
  const least: Record<string, Cost> = {}
  for (const visiting of [false, true, false, true, false])
    for (const [call, cost] of Object.entries(await signIn(visiting)))
      if (!least[call] || cost.statements < least[call].statements) least[call] = cost
  expect(least).toEqual({
    par: { units: 2, statements: 2, commits: 1 },
    login: { units: 2, statements: 2, commits: 1 },
    flow: { units: 1, statements: 1, commits: 0 },
    code: { units: 2, statements: 9, commits: 1 },
    end: { units: 2, statements: 3, commits: 1 },
    token: { units: 3, statements: 6, commits: 1 },
  })
})
