/**
 * What a reviewer found and how it is closed: no new factor in the place of one that is owned (R1), no device of a named person for
 * whoever only types a name (E1), no end of rows for whoever knows a client_id.
 */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { givePhone } from '../approve/phones.ts'
import { clientToken, givePassword, makeUser, scim, send, startWorld, type World } from '../world.ts'
import { Browser, type PortalClient, portalClient, push, REDIRECT, sample } from './browser.ts'

let world: World
let bearer: string
beforeAll(async () => {
  world = await startWorld('SQLite')
  bearer = await clientToken(world)
})
afterAll(() => world.close())

const all = { accessCriteriaId: 'access_criteria.common_to_all' }

test('R1: who owns a second factor enrols no other one before it is proved', async () => {
  const user = await makeUser(world, bearer)
  const password = await givePassword(world, bearer, user.id, 'AT_CUSTPWD')
  const pin = { username: user.name, password: '73619204' }
  await scim(world, bearer, 'POST', '/Authenticator', {
    policy: { value: 'AT_EMPPIN' },
    owner: { value: user.id },
    'urn:hid:scim:api:idp:2.0:Password': pin,
  })
  const workflow = sample('password-push-automatic')
  workflow.firstFactors[0].step_up = 'required'
  workflow.firstFactors[0].enrollActions = ['enroll.key']
  const upon = ['factor.user_pasword']
  workflow.secondFactors = [
    { ...all, factorId: 'factor.pin', code: 'AT_EMPPIN', class: 'LOGIN', upon },
    { ...all, factorId: 'factor.key', code: 'AT_FIDO', class: 'FIDO', upon, enrollActions: ['enroll.key'] },
  ]
  workflow.enrollActions = [{ ...all, enrollId: 'enroll.key', type: 'FIDO', code: 'AT_FIDO' }]
  const client = await portalClient(world, bearer, workflow)
  const browser = new Browser(world)
  await browser.visit(client, await push(world, client, { login_hint: user.name }))
  const proved = await browser.code({ authType: 'AT_CUSTPWD', username: user.name, password })
  expect(proved.body.error).toBe('step_up_required')
  const asked = { username: user.name, request_uri: browser.requestUri, authType: 'AT_FIDO' }
  const options = { ...asked, enroll_step: 'getcredentialoptions' }
  expect((await browser.json('enroll/fido', options)).status).toBe(403)
  const second = await browser.code({ authType: 'AT_EMPPIN', username: user.name, password: pin.password })
  expect(second.status).toBe(200)
  expect((await browser.json('enroll/fido', options)).status).toBe(200)
})

test('E1: devices of a person who has proved nothing are shown where the client named him', async () => {
  const client = await portalClient(world, bearer, sample('temporary-or-password-push'))
  const ask = async (by: PortalClient, uri: string, name: string) => {
    const browser = new Browser(world)
    await browser.visit(by, uri)
    const { body } = await browser.flow(name)
    return JSON.stringify(body.secondFactors ?? [])
  }
  const { id, name: user } = await makeUser(world, bearer)
  await givePassword(world, bearer, id, 'AT_CUSTPWD')
  await givePhone(world, bearer, id)
  const named = await ask(client, await push(world, client, { login_hint: user }), user)
  expect(named).toContain('deviceFriendlyName')
  expect(await ask(client, await push(world, client), user)).not.toContain('deviceFriendlyName')
})

test('logins that browsers bring along are bounded by where they come from', async () => {
  const client = await portalClient(world, bearer, sample('password-push-automatic'))
  const query = { client_id: client.id, redirect_uri: REDIRECT, response_type: 'code', scope: 'openid' }
  const begin = async () =>
    (
      await send(
        `${world.base}/${world.demo.tenant}/authn/login?${new URLSearchParams({ ...query, state: randomUUID() })}`,
      )
    ).status
  // They are counted by the minute: all of them in one.
  world.pass(60 - (world.now_seconds() % 60))
  const statuses = await Promise.all(Array.from({ length: 620 }, begin))
  expect(statuses.filter(one => one === 302).length).toBeLessThanOrEqual(600)
  expect(statuses.filter(one => one === 429).length).toBeGreaterThanOrEqual(20)
})
