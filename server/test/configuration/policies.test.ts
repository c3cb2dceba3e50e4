/**
 * Authentication policies of a tenant's own, over the wire: cloned from a stock one or another, changed in any of the places where a
 * member is shown, removed when nothing uses them. What would undo a rule by another is refused.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, clientToken, engineNames, scim, startWorld, type World } from '../world.ts'

const PASSWORD = 'urn:hid:scim:api:idp:2.0:policy:authenticator:Password'
const CREDENTIAL = 'urn:hid:scim:api:idp:2.0:policy:authenticator:Credential'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const call = (method: string, code: string, body?: unknown) =>
    api(world, bearer, method, `/configuration/${world.demo.tenant}/v2/Policy/Authenticator${code}`, body)
  const clone = async (copyFrom: string, more: object = {}) => {
    const id = `AT_${randomBytes(4).toString('hex').toUpperCase()}`
    return { id, answer: await call('POST', '', { id, copyFrom, name: 'Ours', ...more }) }
  }

  test('a clone has the values of its source, a name and an assurance of its own, and reads under /scim too', async () => {
    const { id, answer } = await clone('AT_STDPWD')
    expect(answer.status).toBe(201)
    const source = (await call('GET', '/AT_STDPWD')).body
    const different = { id, name: 'Ours', readOnly: false, levelOfAssurance: `urn:hidaaas:policy:${id.toLowerCase()}` }
    expect(answer.body).toEqual({
      ...source,
      ...different,
      meta: { ...source.meta, location: answer.body.meta.location },
    })
    const old = await api(world, bearer, 'GET', `/scim/${world.demo.tenant}/v2/Policy/Authenticator/${id}`)
    expect(old.body[PASSWORD]).toEqual(answer.body[PASSWORD])
    const again = await clone(id)
    expect(again.answer.body[PASSWORD]).toEqual(answer.body[PASSWORD])
    expect((await call('POST', '', { id, copyFrom: 'AT_STDPWD' })).status).toBe(409)
  })

  test('G4, G5: numbers are taken as text or number, answered as text, in each place', async () => {
    const { id } = await clone('AT_STDPWD')
    const numbers = { disabledTimeReset: '60', sessionTimeout: 60_000, sessionValidPeriod: '3600000' }
    const put = await call('PUT', `/${id}`, {
      ...numbers,
      disableThreshold: 3,
      [PASSWORD]: { passwordPolicy: { minLength: '10' } },
    })
    expect(put.status).toBe(200)
    expect(put.body).toMatchObject({ disabledTimeReset: '60', sessionTimeout: '60000', disableThreshold: '3' })
    expect(put.body[PASSWORD]).toMatchObject({
      disableThreshold: '3',
      passwordPolicy: { minLength: '10', maxLength: '100' },
      passwordpolicy: { minLength: '10', maxLength: '100' },
    })
    expect(put.body.meta.version).toBe(2)
  })

  test('a document that was read, changed in one place and sent back says what it means; two new values are refused', async () => {
    const { id, answer } = await clone('AT_STDPWD')
    const document = answer.body
    const extension = document[PASSWORD]
    const changed = (name: string, rules: object) =>
      call('PUT', `/${id}`, {
        ...document,
        meta: undefined,
        [PASSWORD]: { ...extension, [name]: { ...extension[name], ...rules } },
      })
    expect((await changed('passwordpolicy', { minLength: '12' })).body[PASSWORD].passwordPolicy.minLength).toBe('12')
    expect((await changed('passwordPolicy', { characterRange: 'onlyAlphaNum' })).status).toBe(200)
    const both = await call('PUT', `/${id}`, {
      [PASSWORD]: { passwordPolicy: { minLength: '9' }, passwordpolicy: { minLength: '11' } },
    })
    expect(both.body.detail).toBe('minLength is given twice, with different values.')
    const top = await call('PUT', `/${id}`, {
      passwordPolicy: { minLength: 14, characterRange: null },
      disableThreshold: '8',
    })
    expect(top.body[PASSWORD].passwordpolicy).toMatchObject({ minLength: '14' })
    expect(top.body[PASSWORD].passwordpolicy.characterRange).toBeUndefined()
  })

  test('the rules of a clone are those that a new password meets', async () => {
    const { id } = await clone('AT_STDPWD', { passwordPolicy: { minLength: 14 } })
    const user = (await scim(world, bearer, 'POST', '/Users', { userName: randomBytes(6).toString('hex') })).body
    const give = (password: string) =>
      scim(world, bearer, 'POST', '/Authenticator', {
        policy: { value: id },
        owner: { value: user.id },
        'urn:hid:scim:api:idp:2.0:Password': { username: user.userName, password },
      })
    expect((await give('kP9-wuvx-7')).status).toBe(400)
    expect((await give('kP9-wuvx-7-mmt4-qq')).status).toBe(201)
    expect((await call('DELETE', `/${id}`)).body.detail).toMatch(/in use/)
  })

  test.each([
    ['AT_STDPWD', { disableThreshold: -1 }, /^disableThreshold is 1 to 100/],
    ['AT_STDPWD', { sessionTimeout: 7_200_000 }, /^sessionTimeout is at most/],
    ['AT_STDPWD', { defaultValidDaysAdd: -1 }, /together/],
    ['AT_STDPWD', { validChannelCodes: ['CH_NOWHERE'] }, /^CH_NOWHERE is no channel/],
    ['AT_STDPWD', { deliveryGateways: [{ value: 'nowhere' }] }, /^nowhere is no gateway/],
    ['AT_STDPWD', { passwordPolicy: { minLength: 50, maxLength: 20 } }, /^maxLength is minLength to/],
    ['AT_STDPWD', { passwordPolicy: { minLength: 3 } }, /^minLength is 4 to 128/],
    ['AT_STDPWD', { passwordPolicy: { maxLength: '129' } }, /^maxLength/],
    ['AT_EMPPIN', { passwordPolicy: { atLeastOneUp: 'true' } }, /^onlyNum leaves no letters/],
    ['AT_STDPWD', { passwordPolicy: { notEnglish: true } }, /^notEnglish is no rule/],
    ['AT_STDPWD', { onlyIndirect: 'true' }, /^onlyIndirect/],
    ['AT_STDPWD', { adapterCode: 'X' }, /^adapterCode cannot be set/],
    ['AT_PASA', { challengeTimeoutPeriod: '-1' }, /^challengeTimeoutPeriod has a limit/],
    ['AT_OTP', { passwordPolicy: { minLength: 8 } }, /holds no passwords/],
    ['AT_NOWHERE', {}, /^copyFrom is not/],
  ])('C4: a clone of %s with %j is refused', async (source, more, sentence) => {
    const { id, answer } = await clone(source, more)
    expect(answer.status).toBe(400)
    expect(answer.body.detail).toMatch(sentence)
    expect((await call('GET', `/${id}`)).status).toBe(404)
  })

  test('stock policies stay as they are', async () => {
    expect((await call('PUT', '/AT_STDPWD', { name: 'Ours' })).body.scimType).toBe('mutability')
    expect((await call('DELETE', '/AT_STDPWD')).body.scimType).toBe('mutability')
    expect((await call('POST', '', { id: 'AT_OURS' })).body.detail).toMatch(/^copyFrom is needed/)
  })

  test('gateways stand in the order in which they are tried, and stay while a policy names them', async () => {
    const gateway = `gw${randomBytes(4).toString('hex')}`
    const path = `/configuration/${world.demo.tenant}/v2/DeliveryGateway/Mail`
    const mail = { id: gateway, name: 'Ours', host: 'smtp.example.com', from: 'a@example.com' }
    expect((await api(world, bearer, 'POST', path, mail)).status).toBe(201)
    const { id, answer } = await clone('AT_OTP', { deliveryGateways: [{ display: 'any', value: gateway }] })
    expect(answer.body.deliveryGateways).toEqual([{ display: 'Ours', value: gateway }])
    expect(answer.body[CREDENTIAL]).toEqual({ disableThreshold: '8' })
    expect((await api(world, bearer, 'DELETE', `${path}/${gateway}`)).body.detail).toMatch(`${id} names it`)
    expect((await call('PUT', `/${id}`, { deliveryGateways: [] })).body.deliveryGateways).toEqual([])
    expect((await api(world, bearer, 'DELETE', `${path}/${gateway}`)).status).toBe(204)
    expect((await call('DELETE', `/${id}`)).status).toBe(204)
  })

  test('a policy that a workflow or a client names does not go', async () => {
    const { id } = await clone('AT_STDPWD')
    const factor = { factorId: 'f', accessCriteriaId: 'c', code: id, type: 'LOGIN' }
    const payload = { accessCriteria: [{ accessCriteriaId: 'c' }], firstFactors: [factor] }
    const custo = `/configuration/${world.demo.tenant}/v2/Custo/IDPWorkflows`
    expect((await api(world, bearer, 'POST', custo, { id: `w${id}`, payload })).status).toBe(201)
    expect((await call('DELETE', `/${id}`)).body.detail).toMatch(`w${id} names it`)
    expect((await api(world, bearer, 'DELETE', `${custo}/w${id}`)).status).toBe(204)
    const metadata = { client_name: 'ours', hid_user_authn_policy: id }
    const client = await api(world, bearer, 'POST', `/${world.demo.tenant}/authn/register`, metadata)
    expect(client.status).toBeLessThan(300)
    expect((await call('DELETE', `/${id}`)).body.detail).toMatch(/in use/)
  })

  test.each(['AT_EMPPKI', 'AT_SYSPKI', 'AT_JWT'])('%s can be read, and nobody is given one', async code => {
    expect((await call('GET', `/${code}`)).body.id).toBe(code)
    const user = (await scim(world, bearer, 'POST', '/Users', { userName: randomBytes(6).toString('hex') })).body
    const answer = await scim(world, bearer, 'POST', '/Authenticator', {
      policy: { value: code },
      owner: { value: user.id },
    })
    expect(answer.status).toBe(400)
    expect(answer.body.detail).toMatch(code)
  })
})
