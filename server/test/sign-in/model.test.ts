/**
 * R1, P3: a login is walked through every state that its calls can bring about, in each sample workflow. In each state every call is made,
 * right and wrong; what succeeds or moves something is exactly what is declared, all else is refused and leaves the row of the login as
 * it was, byte for byte. P6: so does every call of somebody who lacks cookie or csrf value.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineNames } from '../world.ts'
import { Browser } from './browser.ts'
import { callsFor } from './calls.ts'
import { cases, STRICT } from './cases.ts'
import { declaredFor } from './declared.ts'
import { pushed, type State, walkOf } from './explore.ts'
import { type SignInWorld, startSignIn } from './people.ts'
import { loginRow, plain, putBack } from './rows.ts'
import { cookieOf, END, type Endpoint, endpoints, isRefused, type Shown, tried } from './strangers.ts'

/** The other engine runs the same queries; one case there shows it. */
const walked = (engine: string) =>
  engine === 'SQLite' ? cases : cases.filter(({ name }) => name === 'password-otp-oob')

/** Thousands of calls, on a machine that may have other work. */
const LONG_MS = 240_000

describe.each(engineNames)('on %s', engine => {
  let ground: SignInWorld
  beforeAll(async () => {
    ground = await startSignIn(engine)
  })
  afterAll(() => ground.close())

  test.each(walked(engine))(
    'R1, P3: $name: what is declared, and nothing else',
    async one => {
      const { around, walk } = await walkOf(ground, one)
      const calls = [...callsFor(around).keys()]
      for (const [state, { standing }] of walk.states) {
        expect({ state, ...walk.moves[state] }).toEqual({ state, ...declaredFor(standing, calls, one.facts) })
      }
      expect(walk.states.size).toBe(one.states)
      if (one === STRICT) await strangersIn(walk, around)
    },
    LONG_MS,
  )

  /** In every state. */
  async function strangersIn(
    { whose, states }: Awaited<ReturnType<typeof walkOf>>['walk'],
    { client, person }: Awaited<ReturnType<typeof walkOf>>['around'],
  ) {
    const { world } = ground
    const other = new Browser(world)
    await other.visit(client, await pushed(ground, client))
    const { requestUri } = [...states.values()][0]?.here.browser ?? other
    const before = async () => JSON.stringify(plain(await loginRow(world, whose.login)))
    for (const [name, state] of states) {
      await putBack(world, whose, state.kept)
      const kept = await before()
      for (const [endpoint, lack, shown] of lacking(state, other)) {
        const reply = await tried(ground, endpoint, requestUri, person.name, shown)
        const told = isRefused(reply) ? 'refused' : `${reply.status} ${reply.text}`
        expect([name, endpoint.name, lack, told]).toEqual([name, endpoint.name, lack, 'refused'])
        expect(await before()).toBe(kept)
      }
    }
  }

  function lacking({ standing, here: { browser } }: State, other: Browser): readonly [Endpoint, string, Shown][] {
    const { csrf } = browser
    const cookie = cookieOf(browser)
    const mine = [...browser.cookies.keys()].find(name => name.startsWith('login-')) ?? 'login-0'
    const renamed = cookieOf(other, name => (name.startsWith('login-') ? mine : name))
    // A pushed login is open to the front end of its client, which reads the csrf value from the first answer.
    const withoutCsrf: readonly [string, Shown][] = standing.at === 'pushed' ? [] : [['no csrf value', { cookie }]]
    const withCookie: readonly [string, Shown][] = [
      ['csrf value of another login', { cookie, csrf: other.csrf }],
      ['no csrf value at all', { cookie, csrf: 'urn:hid:00000000-0000-0000-0000-000000000000' }],
      ['another login’s in the field', { cookie, csrf, field: other.csrf ?? '' }],
      ['an empty one', { cookie, csrf: '' }],
    ]
    const withoutCookie: readonly [string, Shown][] =
      standing.at === 'pushed' || standing.at === 'api'
        ? []
        : [
            ['no cookie', { csrf }],
            ['cookies of another login', { csrf, cookie: cookieOf(other) }],
            ['cookie of another login under this one’s name', { csrf, cookie: renamed }],
          ]
    const calls = endpoints.flatMap(endpoint =>
      [...withoutCsrf, ...withCookie, ...withoutCookie]
        // There is no field in an address.
        .filter(([, { field }]) => field === undefined || endpoint.method !== 'GET')
        .map(([lack, shown]) => [endpoint, lack, shown] as const),
    )
    const ends = [...withoutCookie, ...(standing.at === 'visited' ? [] : [['nothing', {}] as const])]
    return [...calls, ...ends.map(([lack, shown]) => [END, lack, { ...shown, csrf: undefined }] as const)] as never
  }
})
