/** Exactly one wins: the same proof sent many times at once, wrong ones at once, from one server and from two. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type ServerProcess, startProcess } from '../process.ts'
import {
  clientToken,
  engineNames,
  form,
  giveAuthenticator,
  givePassword,
  giveToken,
  hotpOf,
  makeUser,
  otherCode,
  otp,
  type Reply,
  scim,
  send,
  startWorld,
  token,
  totpAt,
  type World,
} from '../world.ts'

const MANY = 200

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine, { COUNTERSIGN_HASH_QUEUE: '0' })
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  test(`${MANY} parallel posts of one valid code: exactly 1 success`, async () => {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    const held = await giveToken(world, bearer, user.id, 'DT_POCK_OE')
    const answers = await Promise.all(
      Array.from({ length: MANY }, () => otp(world, bearer, user.name, hotpOf(held.seed, 0))),
    )
    expect(successes(answers)).toBe(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]))
  })

  test(`${MANY} parallel wrong codes: at most the limit evaluated`, async () => {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    const held = await giveToken(world, bearer, user.id)
    const wrong = otherCode(totpAt(held.seed, world.now_seconds()))
    await Promise.all(Array.from({ length: MANY }, () => otp(world, bearer, user.name, wrong)))
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${user.id}.AT_OTP`)
    expect(Number(body.statistics.consecutiveFailed)).toBe(8)
    expect(Number(body.statistics.totalFailed)).toBe(8)
  })

  test('a saturated hash queue consumes no attempt', async () => {
    const user = await makeUser(world, bearer)
    await givePassword(world, bearer, user.id).catch(async () => givePassword(world, bearer, user.id))
    const login = { grant_type: 'password', username: user.name, password: 'wrong', authType: 'AT_STDPWD' }
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => token(world, login, { authorization: `Bearer ${bearer}` })),
    )
    const evaluated = answers.filter(({ status }) => status === 400).length
    expect(answers.some(({ status }) => status === 503)).toBe(true)
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${user.id}.AT_STDPWD`)
    expect(Number(body.statistics.consecutiveFailed)).toBe(Math.min(evaluated, 8))
  })
})

describe.each(engineNames)('passwords on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  test('a temporary password serves once, however many use it at the same moment', async () => {
    const user = await makeUser(world, bearer)
    const password = await givePassword(world, bearer, user.id, 'AT_TEMPPWD')
    const login = { grant_type: 'password', username: user.name, password, authType: 'AT_TEMPPWD', noToken: '1' }
    // Fewer than its policy allows failures: what is refused here is the second use, not the ninth attempt.
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => token(world, login, { authorization: `Bearer ${bearer}` })),
    )
    expect(successes(answers)).toBe(1)
  })
})

describe.skipIf(!process.env.COUNTERSIGN_TEST_POSTGRES)('two server processes on one PostgreSQL', () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-second-'))
  let world: World
  let second: ServerProcess
  let bearer: string
  const masterKey = 'ab'.repeat(32)
  beforeAll(async () => {
    world = await startWorld('PostgreSQL', { COUNTERSIGN_MASTER_KEY: masterKey })
    second = await startProcess(
      'serve',
      {
        COUNTERSIGN_HOME: home,
        COUNTERSIGN_URL: 'http://localhost:1',
        COUNTERSIGN_MASTER_KEY: masterKey,
        COUNTERSIGN_DATABASE: world.environment.COUNTERSIGN_DATABASE ?? '',
      },
      ['--accept-lossy-failover'],
    )
    bearer = await clientToken(world)
  })
  afterAll(async () => {
    await second.stop()
    await world.close()
    rmSync(home, { recursive: true, force: true })
  })

  const atEither = (n: number, name: string, code: string): Promise<Reply> =>
    send(`${n % 2 ? world.base : second.base}/demo/authn/token`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', authorization: `Bearer ${bearer}` },
      body: form({ grant_type: 'password', username: name, password: code, authType: 'AT_OTP' }),
    })

  test(`${MANY} parallel posts of one valid code: exactly 1 success`, async () => {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    const held = await giveToken(world, bearer, user.id, 'DT_POCK_OE')
    const answers = await Promise.all(
      Array.from({ length: MANY }, (_, n) => atEither(n, user.name, hotpOf(held.seed, 0))),
    )
    expect(successes(answers)).toBe(1)
  })

  test(`${MANY} parallel wrong codes: at most the limit evaluated`, async () => {
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    const held = await giveToken(world, bearer, user.id)
    const wrong = otherCode(totpAt(held.seed, world.now_seconds()))
    await Promise.all(Array.from({ length: MANY }, (_, n) => atEither(n, user.name, wrong)))
    const { body } = await scim(world, bearer, 'GET', `/Authenticator/${user.id}.AT_OTP`)
    expect(Number(body.statistics.totalFailed)).toBe(8)
  })
})

const successes = (answers: readonly Reply[]) => answers.filter(({ status }) => status === 200).length
