/** What protects an enrolment (`enroll/code`): right and wrong answers, their tries, and that it signs nobody in. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Browser, portalClient, push, sample } from '../sign-in/browser.ts'
import { clientToken, engineNames, givePassword, makeUser, startWorld, type World } from '../world.ts'

describe.each(engineNames)('the protection of an enrolment on %s', engine => {
  let world: World
  let bearer: string

  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const opened = async (visited = true) => {
    const name = `${randomUUID().slice(0, 8)}@example.org`
    const { id: user } = await makeUser(world, bearer, name)
    const password = await givePassword(world, bearer, user, 'AT_EMPPWD')
    const client = await portalClient(world, bearer, sample('passkey'))
    const browser = new Browser(world)
    const requestUri = await push(world, client, { login_hint: name })
    browser.requestUri = requestUri
    if (visited) await browser.visit(client, requestUri)
    const given = { authType: 'AT_EMPPWD', username: name }
    return { name, password, client, browser, given }
  }

  it('is proved by its password, in a browser and by the front end of an application', async () => {
    for (const visited of [true, false]) {
      const { browser, given, password } = await opened(visited)
      const wrong = await browser.enrolCode({ ...given, password: 'no' })
      expect([wrong.status, wrong.body.error, wrong.body.retries_left]).toEqual([400, 'invalid_grant', 2])
      expect(wrong.headers.get('server-csrf-token')).toMatch(/^urn:hid:/)
      const right = await browser.enrolCode({ ...given, password })
      expect([right.status, right.body]).toEqual([200, { expires_in: expect.any(Number) }])
      expect(right.headers.get('server-csrf-token')).toMatch(/^urn:hid:/)
    }
  })

  it('signs nobody in', async () => {
    const { browser, given, password } = await opened()
    await browser.enrolCode({ ...given, password })
    expect((await browser.flow()).body.progress.step).toBe('first')
    const end = await browser.get(`code?${new URLSearchParams({ request_uri: browser.requestUri })}`)
    expect([end.status, end.body.error]).toEqual([403, 'not_allowed'])
  })

  it('has its own tries, after which the login is over', async () => {
    const { browser, given, password } = await opened()
    for (const wrong of ['1', '2']) await browser.code({ ...given, password: wrong })
    for (const wrong of ['1', '2', '3']) await browser.enrolCode({ ...given, password: wrong })
    const late = await browser.enrolCode({ ...given, password })
    expect([late.status, late.body.error]).toEqual([400, 'access_denied'])
  })

  it('answers strangers like everybody', async () => {
    const { browser, given } = await opened()
    const known = await browser.enrolCode({ ...given, password: 'no' })
    const { browser: other } = await opened()
    const unknown = await other.enrolCode({ ...given, username: 'nobody@example.org', password: 'no' })
    expect([unknown.status, unknown.body]).toEqual([known.status, known.body])
  })

  it('is no other factor, no other grant, and needs the csrf value', async () => {
    const { browser, given, password } = await opened()
    const pin = await browser.enrolCode({ ...given, authType: 'AT_EMPPIN', password })
    expect([pin.status, pin.body.error]).toEqual([400, 'invalid_request'])
    const grant = await browser.enrolCode({ ...given, grant_type: 'oob' })
    expect([grant.status, grant.body.error]).toEqual([400, 'unsupported_grant_type'])
    browser.csrf = undefined
    const bare = await browser.enrolCode({ ...given, password })
    expect([bare.status, bare.body.error]).toEqual([403, 'access_denied'])
  })

  it('is of one user only: whoever signed in as another protects nothing of his', async () => {
    const one = await opened()
    const other = await opened()
    await one.browser.code({ ...one.given, password: one.password })
    const reply = await one.browser.enrolCode({ ...other.given, password: other.password })
    expect([reply.status, reply.body.error]).toEqual([400, 'invalid_request'])
  })
})
