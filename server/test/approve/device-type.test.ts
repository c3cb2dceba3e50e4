/**
 * What an app does is said by its device type: password prompt, names of fields, statuses, colour and name reach the app in the signed
 * policy document, and what they say holds (approve protocol section 5). By the configuration API, the SDK and the real server.
 */
import { openApproveApp } from '@countersign/sdk/approve-app.ts'
import type { Container } from '@countersign/sdk/container.ts'
import { readInvitation } from '@countersign/sdk/invitation.ts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { invite } from '../held-phone.ts'
import { clientToken, engineNames, makeUser, otp, send, startWorld, type World } from '../world.ts'
import { codeOf, collect, opened, type Person, type Phone, surroundings } from './phones.ts'

const PIN = '482913'
const CREDENTIAL = 'urn:hid:scim:api:idp:2.0:credential:type:Push'
const PUSH = 'urn:hid:scim:api:idp:2.0:device:type:Push'

const credentialType = { copyFrom: 'CT_PASAV4E', id: 'CT_KESTREL', [CREDENTIAL]: { statuses: 'yes|no|fraud' } }
const deviceType = {
  copyFrom: 'DT_TDSV4E',
  id: 'DT_KESTREL',
  name: 'Kestrel app',
  maximumDevicePerUser: 1,
  [PUSH]: {
    serviceName: 'Kestrel Bank',
    colour: '#7a1f3d',
    keysProtectionPolicies: {
      type: 'password',
      minLength: 6,
      maxLength: 12,
      digitsOnly: true,
      maxAttempts: 3,
      lockSeconds: 60,
    },
    ocraFields: ['To account', 'Euro', 'Purpose'],
    credentialTypes: {
      transport: 'CT_SMK4',
      logon: 'CT_KESTREL',
      action: 'CT_TDSV4E',
      otp: 'CT_TDSOT',
      challenge: 'CT_TDSOATCR',
      signing: 'CT_TDSOATSIGN',
    },
  },
}

describe.each(engineNames)('a device type of the tenant on %s', engine => {
  let world: World
  let bearer: string
  let user: Person
  let container: Container
  const asked: string[] = []

  const configure = async (path: string, body: object) => {
    const url = `${world.base}/configuration/${world.demo.tenant}/v2/${path}`
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/scim+json' }
    const { status, text } = await send(url, { method: 'POST', headers, body: JSON.stringify(body) })
    if (status !== 201) throw new Error(`${path}: ${status} ${text}`)
  }
  const enrolled = async () => {
    const invited = await invite(world, bearer, user.id, 'DT_KESTREL')
    const app = await openApproveApp(surroundings(world))
    const password = async () => {
      asked.push('password')
      return PIN
    }
    return app.enrol(readInvitation(invited.message), { name: 'Kestrel phone', platform: 'node', password })
  }

  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
    await configure('Credential/Type', credentialType)
    await configure('Device/Type', deviceType)
    user = await makeUser(world, bearer)
    container = await enrolled()
  })
  afterAll(() => world.close())

  test('the policy document brings name, colour, fields, statuses and the wish for a password', () => {
    expect(container.serviceName).toBe('Kestrel Bank')
    expect(container.colour).toBe('#7a1f3d')
    expect(container.policy?.labels).toEqual(['To account', 'Euro', 'Purpose'])
    expect(container.policy?.keys.logon.statuses).toEqual(['yes', 'no', 'fraud'])
    expect(container.policy?.keys.action.statuses).toEqual(['accept', 'deny', 'report'])
    expect(container.policy?.protection).toMatchObject({
      kind: 'password',
      password: { min_length: 6, digits_only: true },
    })
    expect(asked).toEqual(['password'])
    expect(container.passwordProtected).toBe(true)
  })

  test('nothing is signed and no code is shown without the password', async () => {
    const { request } = await opened(world, bearer, user, { container, device: container.device } as Phone)
    expect(request.statuses).toEqual(['yes', 'no', 'fraud'])
    expect(await codeOf(container.answer(request, 'yes'))).toBe('password_required')
    expect(await codeOf(container.answer(request, 'yes', { password: '000000' }))).toBe('invalid_password')
    expect(await codeOf(container.otp())).toBe('password_required')
    expect(await codeOf(container.sign(['1', '2', '3']))).toBe('password_required')
    expect(await container.answer(request, 'yes', { password: PIN })).toEqual({ status: 'yes' })
  })

  test('the first status is the positive one, whatever it is called', async () => {
    world.pass(90)
    const session = { createSession: '1' }
    const { handle, request } = await opened(
      world,
      bearer,
      user,
      { container, device: container.device } as Phone,
      session,
    )
    await container.answer(request, 'yes', { password: PIN })
    const yes = await collect(world, bearer, handle)
    expect(yes.body.access_token).toMatch(/^[A-Za-z0-9+/]{40}$/)
    const other = await opened(world, bearer, user, { container, device: container.device } as Phone, session)
    await container.answer(other.request, 'no', { password: PIN })
    const no = await collect(world, bearer, other.handle)
    expect(no.body.access_token).toBe('')
  })

  test('codes of the app are those that the server takes, once', async () => {
    world.pass(90)
    const { code } = await container.otp({ password: PIN })
    expect(code).toMatch(/^[0-9]{8}$/)
    expect((await otp(world, bearer, user.name, code, { authType: 'AT_EMPOTP' })).status).toBe(200)
    expect((await otp(world, bearer, user.name, code, { authType: 'AT_EMPOTP' })).status).toBe(400)
    const signed = await container.sign(['DE02120300', '120', 'Rent'], { password: PIN })
    const context = 'sign1:DE02120300:false sign2:120:false sign3:Rent:false'
    const more = { authType: 'AT_EMPOTP', mode: 'SIGNING', device_id: container.device, noToken: '1', context }
    expect((await otp(world, bearer, user.name, signed.code, more)).body).toEqual({
      access_token: 'IA==',
      token_type: 'Bearer',
    })
    const changed = { ...more, context: context.replace('120:', '920:') }
    expect((await otp(world, bearer, user.name, signed.code, changed)).status).toBe(400)
  })

  test('three wrong passwords lock the app for the time that the type says', async () => {
    world.pass(90)
    for (const wrong of ['111111', '222222'])
      expect(await codeOf(container.otp({ password: wrong }))).toBe('invalid_password')
    expect(['invalid_password', 'locked']).toContain(await codeOf(container.otp({ password: '333333' })))
    expect(await codeOf(container.otp({ password: PIN }))).toBe('locked')
    world.pass(61)
    expect(await codeOf(container.otp({ password: PIN }))).toBe('ok')
  })

  test('one device of the type and no more', async () => {
    expect(await codeOf(enrolled())).toBe('activation_failed')
  })
})
