/** The simulated phone against a whole server: every action of `countersign phone`, and what it says when it is refused. */
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openApproveApp } from '@countersign/sdk/approve-app.ts'
import type { ContainerEvent } from '@countersign/sdk/container.ts'
import { openFileVault } from '@countersign/sdk/vault/file-vault.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, givePhone, type HeldPhone, invite, takePhone } from '../held-phone.ts'
import { ran } from '../restore/restartable-world.ts'
import { api, clientToken, makeUser, otp, scim, startWorld, token, type World } from '../world.ts'

let world: World
let bearer: string
let user: { id: string; name: string }
let phone: HeldPhone & { device: string; message: string }

beforeAll(async () => {
  world = await startWorld()
  bearer = await clientToken(world)
  user = await makeUser(world, bearer)
  phone = await givePhone(world, bearer, user.id, 'DT_TDSV4')
})
afterAll(() => world?.close())

const logon = async (more: Record<string, string> = {}) => {
  const reply = await ask(world, bearer, { usercode: user.name, tds: 'Log on to the bank', ...more })
  expect(reply.status, reply.text).toBe(200)
  return reply
}
const collect = (auth_req_id: string) =>
  token(world, { grant_type: 'urn:openid:params:grant-type:ciba', auth_req_id }, { authorization: `Bearer ${bearer}` })

describe('registration', () => {
  it('from the file with PROV_MSG, with RSA keys as the type says', async () => {
    const { status, body } = await scim(world, bearer, 'GET', `/Device/${phone.device}`)
    expect(status).toBe(200)
    expect(body.status.status).toBe('ACTIVE')
    await expect(phone.run('activate', join(phone.home, 'absent'))).rejects.toThrow('There is no file')
  })

  it('an invitation works once', async () => {
    const other = takePhone(world)
    const file = join(other.home, 'invite.json')
    writeFileSync(file, phone.message)
    await expect(other.run('activate', file)).rejects.toThrow('Ask for a new invitation.')
    await expect(other.run('pending')).rejects.toThrow('This phone holds no registration.')
  })

  it('typed', async () => {
    const invited = await invite(world, bearer, user.id, 'DT_TDSV4')
    const { uid, pss, url } = JSON.parse(invited.message)
    const code = Buffer.from(pss, 'base64').toString()
    const other = takePhone(world)
    const typed = ['activate', '--typed', '--uid', uid, '--service', url, '--name', 'Second']
    await expect(other.run(...typed)).rejects.toThrow('--typed needs')
    await expect(other.run(...typed, '--code', 'WRONGCODE1')).rejects.toThrow('invitation')
    expect(await other.run(...typed, '--code', code)).toMatchObject({ kind: 'online', device: invited.device })
    expect(await other.run('remove')).toEqual({ removed: true, server_told: true })
  })

  it('offline, for codes only', async () => {
    const { status, body, text } = await scim(world, bearer, 'POST', '/Device/Provision', {
      deviceType: 'DT_APPR_OT',
      owner: { value: user.id },
    })
    expect(status, text).toBe(201)
    const other = takePhone(world)
    const file = join(other.home, 'otpauth.txt')
    writeFileSync(file, body.attributes[0].value)
    expect(await other.run('activate', file)).toMatchObject({ kind: 'offline' })
    const { code } = await other.run('otp')
    expect((await otp(world, bearer, user.name, code, { authType: 'AT_EMPOTP' })).status).toBe(200)
  })
})

describe('answers', () => {
  it('nothing is pending at first, and that ends in a refusal', async () => {
    expect(await phone.run('pending')).toEqual([])
    await expect(phone.run('answer', 'latest', 'accept')).rejects.toThrow('Nothing is pending.')
  })

  it('accept: the client gets tokens and what was signed', async () => {
    const { body } = await logon()
    const [request] = await phone.run('pending')
    expect(request).toMatchObject({ tds: 'Log on to the bank', purpose: 'logon', account: user.name })
    expect(await phone.run('answer', 'latest', 'accept')).toEqual({ status: 'accept', id: request.id })
    expect((await collect(body.auth_req_id)).status).toBe(200)
    await expect(phone.run('answer', request.id, 'accept')).rejects.toThrow('is pending')
  })

  it('the number that the asking page shows is typed; a wrong one is a denial', async () => {
    const tenant = await world.office.directory.find(world.demo.tenant)
    const { clientId, secret } = await world.office.clients.register(tenant!, {
      ...{ name: 'bank', role: 'RL_CLIENTIDM2M', scopes: ['openid', 'hid-tx-sign'], numberMatching: true },
    })
    const granted = await token(world, {
      ...{ grant_type: 'client_credentials', client_id: clientId, client_secret: secret },
    })
    const asking = () => ask(world, granted.body.access_token, { usercode: user.name, tds: 'Log on' })
    const { body, text } = await asking()
    expect(body.number, text).toMatch(/^\d\d$/)
    await expect(phone.run('answer', 'latest', 'accept')).rejects.toThrow('Say --number NN.')
    expect(await phone.run('answer', 'latest', 'accept', '--number', body.number)).toMatchObject({ status: 'accept' })
    const { body: second } = await asking()
    const wrong = String(10 + ((Number(second.number) - 9) % 90))
    expect(await phone.run('answer', 'latest', 'accept', '--number', wrong)).toMatchObject({ status: 'deny' })
  })

  it('deny, by its id', async () => {
    await logon({ authpol: 'AT_TDS', tds: '{Account,1},{Amount,2}' })
    const [{ id, purpose }] = await phone.run('pending')
    expect(purpose).toBe('action')
    await expect(phone.run('answer', id, 'perhaps')).rejects.toThrow('accept, deny, report')
    expect(await phone.run('answer', id, 'deny')).toEqual({ status: 'deny', id })
  })
})

describe('codes', () => {
  it('a one-time code that the server takes, once', async () => {
    const { code } = await phone.run('otp')
    expect(code).toMatch(/^\d{8}$/)
    const once = () => otp(world, bearer, user.name, code, { authType: 'AT_EMPOTP' })
    expect((await once()).status).toBe(200)
    expect((await once()).status).toBe(400)
  })

  it('answers to challenges and signatures', async () => {
    expect((await phone.run('challenge', '123456')).code).toMatch(/^\d{8}$/)
    expect((await phone.run('sign', '1122', '3344', '5566')).code).toMatch(/^\d{8}$/)
    await expect(phone.run('challenge', 'abc')).rejects.toThrow('digits')
    await expect(phone.run('sign', '1*2')).rejects.toThrow('between values')
  })
})

describe('a request without a user', () => {
  const userless = (more: Record<string, string> = {}) =>
    ask(world, bearer, { mode: 'userid_less', device_type: 'DT_TDSV4', tds: 'Log on', ...more })

  it('is signed at once when the service lets it', async () => {
    const { body, text } = await userless({ cal: 'accept' })
    expect(body.txid, text).toBeDefined()
    expect(await phone.run('scan', `https://approve.test/#scan=${body.txid}`)).toMatchObject({ status: 'accept' })
    expect((await collect(body.auth_req_id)).status).toBe(200)
  })

  it('waits for an answer otherwise', async () => {
    const { body } = await userless()
    const { id, status } = await phone.run('scan', body.txid)
    expect(status).toBe('pending')
    expect((await phone.run('pending')).map((one: { id: string }) => one.id)).toEqual([id])
    expect(await phone.run('answer', 'latest', 'accept')).toEqual({ status: 'accept', id })
    expect(await phone.run('pending')).toEqual([])
    await expect(phone.run('scan', 'no.such.code')).rejects.toThrow('no code of a service')
  })
})

describe('requests of its own', () => {
  it('sign free text for the client that provisioned the phone', async () => {
    const done = await phone.run('request', '--tds', 'I agree to the terms')
    expect(done).toMatchObject({ status: 'accept' })
    expect((await collect(done.auth_req_id)).status).toBe(200)
    await expect(phone.run('request')).rejects.toThrow('--tds TEXT')
    await expect(phone.run('request', '--template', 'none')).rejects.toThrow('no template none')
  })
})

describe('the live connection', () => {
  it('tells of a request as it comes', async () => {
    const app = await openApproveApp({
      vault: await openFileVault(phone.home),
      fetch,
      now_ms: () => world.now_seconds() * 1000,
    })
    const [container] = app.containers()
    const stop = new AbortController()
    const heard: ContainerEvent[] = []
    const ended = container!.events(event => {
      heard.push(event)
      if (event.kind === 'connected') void logon()
      if (event.kind === 'request') stop.abort()
    }, stop.signal)
    await ended
    expect(heard.map(({ kind }) => kind)).toEqual(['connected', 'request'])
    const [{ id }] = await phone.run('pending')
    expect(heard[1]).toEqual({ kind: 'request', id })
    await phone.run('answer', id, 'deny')
  })
})

describe('life', () => {
  it('rename, renew, and everything works on', async () => {
    expect(await phone.run('rename', 'My', 'phone')).toEqual({ name: 'My phone' })
    const { body } = await scim(world, bearer, 'GET', `/Device/${phone.device}`)
    expect(JSON.stringify(body)).toContain('My phone')
    await phone.run('renew')
    // A denial and several requests in a minute make a user be left in peace for a while.
    world.pass(300)
    bearer = await clientToken(world)
    await logon()
    expect(await phone.run('answer', 'latest', 'accept')).toMatchObject({ status: 'accept' })
    const { code } = await phone.run('otp')
    expect((await otp(world, bearer, user.name, code, { authType: 'AT_EMPOTP' })).status).toBe(200)
  })

  it('a clock that is off is put right', async () => {
    const late: HeldPhone = takePhone({ ...world, now_seconds: () => world.now_seconds() - 7200 }, phone.home)
    expect(await late.run('pending')).toEqual([])
    expect(await phone.run('pending')).toEqual([])
  })

  it('several registrations are told apart', async () => {
    const other = await makeUser(world, bearer)
    const invited = await invite(world, bearer, other.id)
    await phone.run('activate', invited.file)
    await expect(phone.run('otp')).rejects.toThrow('--account')
    expect((await phone.run('otp', '--account', other.name)).code).toMatch(/^\d{8}$/)
    await phone.run('remove', '--account', other.name)
    expect((await phone.run('otp')).code).toMatch(/^\d{8}$/)
  })

  it('a phone that was revoked forgets the registration', async () => {
    const held = await givePhone(world, bearer, user.id)
    const { status, text } = await api(world, bearer, 'DELETE', `/scim/${world.demo.tenant}/v2/Device/${held.device}`)
    expect(status, text).toBe(204)
    await expect(held.run('pending')).rejects.toThrow('Ask for a new invitation')
    await expect(held.run('otp')).rejects.toThrow('holds no registration')
  })
})

it('at the terminal: JSON, exit codes, and what to do next', async () => {
  const empty = mkdtempSync(join(tmpdir(), 'countersign-phone-'))
  const missing = await ran(['phone', 'otp', '--home', empty], {})
  expect(missing).toMatchObject({ code: 1, text: expect.stringContaining('Next: phone activate FILE.') })
  const unknown = await ran(['phone', 'dance', '--home', empty], {})
  expect(unknown).toMatchObject({ code: 1, text: expect.stringContaining('A phone can: activate, pending') })
  expect((await ran(['phone', 'otp'], {})).code).toBe(2)
  const { code, text } = await ran(['phone', 'pending', '--home', phone.home, '--json'], {})
  expect([code, JSON.parse(text)]).toEqual([0, []])
})
