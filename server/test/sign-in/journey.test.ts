/** A person signs in, step by step, as the portal does it: factors, step-up, consent, the end, and what each of them refuses. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientToken, engineNames, makeUser, scim, startWorld, type World } from '../world.ts'
import { Browser, portalClient, push, redeem, sample } from './browser.ts'

const PASSWORD = 'Kw7-bdfhjmqvxZ'
const PIN = '73619204'

describe.each(engineNames)('signing in on %s', engine => {
  let world: World
  let bearer: string

  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const person = async (policies: Record<string, string>) => {
    const name = `${randomUUID().slice(0, 8)}@example.org`
    const { id: user } = await makeUser(world, bearer, name)
    for (const [policy, password] of Object.entries(policies)) {
      const made = await scim(world, bearer, 'POST', '/Authenticator', {
        policy: { value: policy },
        owner: { value: user },
        status: { status: 'ENABLED' },
        'urn:hid:scim:api:idp:2.0:Password': { username: name, password },
      })
      if (made.status !== 201) throw new Error(made.text)
    }
    return { name, user }
  }

  const opened = async (payload: unknown, name: string, more: Record<string, string> = {}, metadata = {}) => {
    const client = await portalClient(world, bearer, payload, metadata)
    const browser = new Browser(world)
    await browser.visit(client, await push(world, client, { login_hint: name, state: 's1', nonce: 'n1', ...more }))
    return { client, browser }
  }

  it('by one password, to a code and tokens', async () => {
    const { name } = await person({ AT_CUSTPWD: PASSWORD })
    const { client, browser } = await opened(sample('password-push-automatic'), name)
    const flow = await browser.flow()
    expect(flow.body.firstFactors.map((one: { factorId: string }) => one.factorId)).toEqual(['factor.user_pasword'])
    expect(flow.body.progress).toMatchObject({ step: 'first', username: name })
    const wrong = await browser.code({ authType: 'AT_CUSTPWD', username: name, password: 'no' })
    expect([wrong.status, wrong.body.error, wrong.body.retries_left]).toEqual([400, 'invalid_grant', 2])
    const done = await browser.code({ authType: 'AT_CUSTPWD', username: name, password: PASSWORD })
    expect([done.status, done.body.expires_in > 0]).toEqual([200, true])
    const back = await browser.end()
    expect(back.get('state')).toBe('s1')
    expect(back.get('iss')).toBe(`${world.base.replace('127.0.0.1', 'localhost')}/${world.demo.tenant}/authn`)
    const tokens = await redeem(world, client, back.get('code') ?? '')
    expect(tokens.body).toMatchObject({ token_type: 'Bearer', scope: 'openid profile' })
    const claims = JSON.parse(Buffer.from(tokens.body.id_token.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({ sub: name, aud: client.id, nonce: 'n1', acr: 'acr_up', amr: ['pwd'] })
    const again = await redeem(world, client, back.get('code') ?? '')
    expect([again.status, again.body.error]).toEqual([400, 'invalid_grant'])
  })

  it('with a second factor, consent, and a csrf value that rotates', async () => {
    const { name } = await person({ AT_CUSTPWD: PASSWORD, AT_EMPPIN: PIN })
    const workflow = sample('password-push-automatic')
    workflow.firstFactors[0].step_up = 'required'
    workflow.secondFactors = [
      {
        factorId: 'factor.pin',
        accessCriteriaId: 'access_criteria.common_to_all',
        code: 'AT_EMPPIN',
        class: 'LOGIN',
        acr: '2',
        upon: ['factor.user_pasword'],
      },
    ]
    const { client, browser } = await opened(
      workflow,
      name,
      { response_type: 'code id_token' },
      { hid_client_consentprompt: 'true' },
    )
    const before = browser.csrf
    const first = await browser.code({ authType: 'AT_CUSTPWD', username: name, password: PASSWORD })
    expect([first.status, first.body.error]).toEqual([400, 'step_up_required'])
    expect(first.body.secondFactors[0]).toMatchObject({
      factorId: 'factor.pin',
      type: 'LOGIN',
      upon: ['factor.user_pasword'],
    })
    expect(browser.csrf).not.toBe(before)
    const stale = await browser.code(
      { authType: 'AT_EMPPIN', username: name, password: PIN },
      { 'server-csrf-token': before ?? '' },
    )
    expect([stale.status, stale.body.error]).toEqual([403, 'access_denied'])
    const other = await browser.code({ authType: 'AT_EMPPIN', username: 'somebody@example.org', password: PIN })
    expect(other.body.error).toBe('invalid_request')
    const second = await browser.code({ authType: 'AT_EMPPIN', username: name, password: PIN })
    expect([second.status, second.body.error]).toEqual([400, 'consent_required'])
    const early = await browser.get(`code?request_uri=${encodeURIComponent(browser.requestUri)}`)
    expect([early.status, early.body.error]).toEqual([403, 'not_allowed'])
    expect((await browser.consent([{ scope: 'openid', status: 'accepted', exp: -1 }])).status).toBe(200)
    const back = await browser.end()
    expect(back.get('id_token')).toBeTruthy()
    const tokens = await redeem(world, client, back.get('code') ?? '')
    expect(tokens.body.scope).toBe('openid')
    const claims = JSON.parse(Buffer.from(tokens.body.id_token.split('.')[1], 'base64url').toString())
    expect(claims).toMatchObject({ acr: '2', amr: ['pwd', 'mfa'] })
  })

  it('C1: not by a first factor that was disabled before the code was redeemed', async () => {
    const { name, user } = await person({ AT_CUSTPWD: PASSWORD, AT_EMPPIN: PIN })
    const workflow = sample('password-push-automatic')
    workflow.firstFactors[0].step_up = 'required'
    const pin = { factorId: 'factor.pin', code: 'AT_EMPPIN', class: 'LOGIN', upon: ['factor.user_pasword'] }
    workflow.secondFactors = [{ ...pin, accessCriteriaId: 'access_criteria.common_to_all' }]
    const { client, browser } = await opened(workflow, name)
    await browser.code({ authType: 'AT_CUSTPWD', username: name, password: PASSWORD })
    await browser.code({ authType: 'AT_EMPPIN', username: name, password: PIN })
    const code = (await browser.end()).get('code') ?? ''
    const disabled = { status: { status: 'DISABLED' } }
    expect((await scim(world, bearer, 'PUT', `/Authenticator/${user}.AT_CUSTPWD`, disabled)).status).toBe(200)
    const { status, body } = await redeem(world, client, code)
    expect([status, body.error]).toEqual([400, 'invalid_grant'])
  })

  it('with consent asked again where the request says so, though it was given before', async () => {
    const { name } = await person({ AT_CUSTPWD: PASSWORD })
    const client = await portalClient(world, bearer, sample('password-push-automatic'))
    const agreed = [{ scope: 'openid', status: 'accepted', exp: -1 }]
    for (const _ of ['first', 'again']) {
      const browser = new Browser(world)
      const asked = { login_hint: name, scope: 'openid', prompt: 'consent' }
      await browser.visit(client, await push(world, client, asked))
      const proved = await browser.code({ authType: 'AT_CUSTPWD', username: name, password: PASSWORD })
      expect(proved.body.error).toBe('consent_required')
      expect((await browser.consent(agreed)).status).toBe(200)
      expect((await browser.end()).get('code')).toBeTruthy()
    }
  })

  it('not after as many wrong answers as the workflow bears, and the client hears of it', async () => {
    const { name } = await person({ AT_CUSTPWD: PASSWORD })
    const { browser } = await opened(sample('password-push-automatic'), name)
    for (const left of [2, 1]) {
      const wrong = await browser.code({ authType: 'AT_CUSTPWD', username: name, password: 'no' })
      expect(wrong.body.retries_left).toBe(left)
    }
    const last = await browser.code({ authType: 'AT_CUSTPWD', username: name, password: 'no' })
    expect([last.status, last.body.error]).toEqual([400, 'access_denied'])
    const late = await browser.code({ authType: 'AT_CUSTPWD', username: name, password: PASSWORD })
    expect([late.status, late.body.error]).toEqual([400, 'access_denied'])
    expect((await browser.flow()).body.progress.step).toBe('failed')
    expect((await browser.end()).get('error')).toBe('access_denied')
    expect((await browser.flow()).body.error).toBe('invalid_request_uri')
  })

  it('R1: a changed password signs nobody in', async () => {
    const { name } = await person({ AT_CUSTPWD: PASSWORD })
    const { browser } = await opened(sample('temporary-or-password-push'), name)
    const none = await browser.code({ authType: 'AT_CUSTPWD', username: name, password: PASSWORD })
    expect(none.body.error).toBe('no_template_found_for_criteria')
    const change = {
      grant_type: 'password_change',
      action_id: 'action.change_password',
      authType: 'AT_CUSTPWD',
      username: name,
    }
    const changed = await browser.code({ ...change, old_password: PASSWORD, new_password: 'Qz9-vxbdfhjmqY' })
    expect([changed.status, changed.text]).toEqual([200, '{}'])
    expect((await browser.end()).get('error')).toBe('no_template_found_for_criteria')
  })
})
