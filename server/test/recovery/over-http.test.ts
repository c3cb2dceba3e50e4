/** Change and reset of passwords as a page or an application asks for them, by a workflow, over HTTP (R1, R2, R4, E1). */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Inbox } from '#cli/inbox.ts'
import { Browser, type PortalClient, portalClient, push } from '../sign-in/browser.ts'
import { clientToken, engineNames, form, givePassword, makeUser, scim, send, startWorld, type World } from '../world.ts'
import { freshPassword } from './recovery-ground.ts'

const CRITERIA = 'access_criteria.all'
const factor = { accessCriteriaId: CRITERIA, type: 'LOGIN', code: 'AT_CUSTPWD', retry: 5 }
const template = 'The code is {$secret}. Or open {$link}'
const PAYLOAD = {
  accessCriteria: [{ accessCriteriaId: CRITERIA, authenticators: { firstFactorsFiltering: false } }],
  actions: [
    { actionId: 'change', accessCriteriaId: CRITERIA, type: 'CHANGE_PWD', retry: 3 },
    { actionId: 'set', accessCriteriaId: CRITERIA, type: 'SET_PWD', retry: 3 },
    {
      ...{ actionId: 'ask', accessCriteriaId: CRITERIA, type: 'RESET_PWD', retry: 3, next_action: 'set' },
      resetPasswordMethods: { email: { template, templateHtml: false } },
    },
  ],
  firstFactors: [{ ...factor, factorId: 'factor.password', actions: ['change', 'ask'] }],
}
const HOSTILE = { host: 'evil.example', 'x-forwarded-host': 'evil.example', forwarded: 'host=evil.example' }

describe.each(engineNames)('on %s', engine => {
  const inbox = new Inbox()
  let world: World
  let bearer: string
  let client: PortalClient
  beforeAll(async () => {
    world = await startWorld(engine, {}, inbox)
    bearer = await clientToken(world)
    client = await portalClient(world, bearer, PAYLOAD)
  })
  afterAll(() => world.close())

  const person = async () => {
    const { id, name } = await makeUser(world, bearer)
    const email = `${id}@mail.example`
    const schema = 'urn:hid:scim:api:idp:2.0:UserAttribute'
    await scim(world, bearer, 'PUT', `/Users/${id}`, {
      [schema]: { attributes: [{ name: 'ATR_EMAIL', value: email }] },
    })
    return { name, email, password: await givePassword(world, bearer, id, 'AT_CUSTPWD') }
  }
  const begin = async () => {
    const browser = new Browser(world)
    await browser.visit(client, await push(world, client))
    return browser
  }
  type Steps = 'password' | 'password_change' | 'password_reset_request' | 'password_reset'
  const step = (
    browser: Browser,
    grant_type: Steps,
    username: string,
    more: Record<string, string>,
    headers?: object,
  ) =>
    browser.code(
      { grant_type, username, authType: 'AT_CUSTPWD', ...more },
      { 'server-csrf-token': browser.csrf ?? '', ...headers },
    )
  const ask = (browser: Browser, name: string, headers?: object) =>
    step(browser, 'password_reset_request', name, { action_id: 'ask', method: 'email' }, headers)
  const sentTo = async (address: string) => {
    for (let n = 0; n < 100; n++) {
      const found = inbox.messages.findLast(({ to }) => to === address)
      const [code, link] = [/\b\d{8}\b/.exec(found?.text ?? '')?.[0], /https?:\S+/.exec(found?.text ?? '')?.[0]]
      if (code && link) return { code, link }
      await new Promise(resolve => setTimeout(resolve, 100))
    }
    throw new Error('nothing was sent')
  }
  const logsOn = async (name: string, password: string) =>
    (await step(await begin(), 'password', name, { password })).status

  test('R1: a change is no sign-in: the login stands where it stood', async () => {
    const { name, password } = await person()
    const browser = await begin()
    const next = freshPassword()
    const given = { action_id: 'change', old_password: password, new_password: next }
    const changed = await step(browser, 'password_change', name, given)
    expect([changed.status, changed.body]).toEqual([200, {}])
    const flow = await browser.flow(name)
    expect(flow.body.progress.step).toBe('first')
    expect([await logsOn(name, password), await logsOn(name, next)]).toEqual([400, 200])
  })

  test('rules are named, as often as they are broken; three wrong old ones end the login', async () => {
    const { name, password } = await person()
    const browser = await begin()
    const change = (old_password: string, new_password: string) =>
      step(browser, 'password_change', name, { action_id: 'change', old_password, new_password })
    for (let n = 0; n < 5; n++) {
      const { status, body } = await change(password, 'short')
      expect([status, body.error, body.broken]).toEqual([400, 'password_not_allowed', ['minLength']])
    }
    const wrong = await change('wrong', 'short')
    expect([wrong.status, wrong.body.error, wrong.body.broken, wrong.body.retries_left]).toEqual([
      400,
      'invalid_grant',
      undefined,
      2,
    ])
    await change('wrong', freshPassword())
    expect((await change('wrong', freshPassword())).body.error).toBe('access_denied')
    expect((await change(password, freshPassword())).status).toBe(400)
    expect(await logsOn(name, password)).toBe(200)
  })

  test('by the code, in the login that asked; in no other, and once', async () => {
    const { name, email, password } = await person()
    const [browser, other] = [await begin(), await begin()]
    const asked = await ask(browser, name)
    expect([asked.status, asked.body]).toEqual([200, { sent: 'email' }])
    const { code } = await sentTo(email)
    const next = freshPassword()
    const given = { action_id: 'set', reset_code: code, new_password: next }
    expect((await step(other, 'password_reset', name, given)).body.error).toBe('invalid_grant')
    const done = await step(browser, 'password_reset', name, given)
    expect([done.status, done.body]).toEqual([200, {}])
    expect((await browser.flow(name)).body.progress.step).toBe('first')
    expect((await step(browser, 'password_reset', name, given)).body.error).toBe('invalid_grant')
    expect([await logsOn(name, password), await logsOn(name, next)]).toEqual([400, 200])
  })

  test('R2, R4: a hostile host changes no link, and scanners take nothing from it', async () => {
    const { name, email } = await person()
    expect((await ask(await begin(), name, HOSTILE)).status).toBe(200)
    const { link } = await sentTo(email)
    expect(link.startsWith(`${world.demo.base}/demo/authn/portal/reset?token=`)).toBe(true)
    for (let n = 0; n < 10; n++) {
      expect((await send(link)).status).toBe(200)
      expect([200, 405]).toContain((await send(link, { method: 'HEAD' })).status)
    }
    const next = freshPassword()
    const post = (new_password: string) =>
      send(link.slice(0, link.indexOf('?')), {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: form({ token: new URL(link).searchParams.get('token') ?? '', new_password }),
      })
    expect((await post('short')).status).toBe(200)
    const done = await post(next)
    expect([done.status, done.headers.getSetCookie()]).toEqual([200, []])
    expect(await logsOn(name, next)).toBe(200)
    await post(freshPassword())
    expect(await logsOn(name, next)).toBe(200)
  })

  test('E1: nobody is answered like somebody', async () => {
    const { name } = await person()
    const answersFor = async (who: string) => {
      const browser = await begin()
      const answers = [
        await ask(browser, who),
        await step(browser, 'password_reset', who, { reset_code: '00000000', new_password: freshPassword() }),
        await step(browser, 'password_change', who, { old_password: 'wrong', new_password: freshPassword() }),
      ]
      return answers.map(({ status, text }) => [status, text])
    }
    expect(await answersFor('nobody@nowhere.example')).toEqual(await answersFor(name))
  })
})
