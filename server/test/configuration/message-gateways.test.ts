/**
 * Gateways for mail and short messages, and texts of messages, over the wire: secrets go in and never come out, a gateway that leads
 * elsewhere needs them anew, and what could not be sent is found when it is saved.
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type GatewayList, secretPlace } from '#domain/gateway.ts'
import { api, clientToken, engineNames, startWorld, type World } from '../world.ts'

const SECRET = 'correct-horse-battery'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  const call = (method: string, path: string, body?: unknown) =>
    api(world, bearer, method, `/configuration/${world.demo.tenant}/v2/${path}`, body)
  const fresh = () => `gw${randomBytes(4).toString('hex')}`
  const tenant = async () => world.office.directory.reload((await world.office.directory.find(world.demo.tenant))!)
  const unsealed = async (list: GatewayList, code: string, name: string) => {
    const { configuration, sealer } = await tenant()
    const sealed = configuration[list].find(one => one.code === code)?.secrets?.[name] ?? ''
    const plain = sealer.unseal(secretPlace(list, code, name), Buffer.from(sealed, 'base64url'))
    return Buffer.from(plain).toString('utf8')
  }
  const mail = (more: object = {}) =>
    call('POST', 'DeliveryGateway/Mail', {
      ...{ id: fresh(), host: 'smtp.example.com', from: 'Ours <no-reply@example.com>', user: 'ours', password: SECRET },
      ...more,
    })
  const sms = (more: object = {}) =>
    call('POST', 'DeliveryGateway/Sms', {
      ...{ id: fresh(), preset: 'json-bearer', url: 'https://sms.example.com/v1/messages', sender: 'Ours' },
      ...{ secrets: { key: SECRET } },
      ...more,
    })

  test('a mail gateway keeps its password sealed and shows only that there is one', async () => {
    const made = await mail()
    expect(made.status).toBe(201)
    const { id } = made.body
    expect(made.body).toMatchObject({ port: 465, security: 'tls', priority: 10, enabled: true, passwordSet: true })
    const read = await call('GET', `DeliveryGateway/Mail/${id}`)
    const list = await call('GET', 'DeliveryGateway/Mail')
    expect(`${made.text}${read.text}${list.text}${JSON.stringify((await tenant()).configuration)}`).not.toContain(
      SECRET,
    )
    expect(`${made.text}${read.text}`).not.toMatch(/"(password|secrets)"/)
    expect(await unsealed('mailGateways', id, 'password')).toBe(SECRET)
    expect(world.logged.join()).not.toContain(SECRET)
  })

  test('other members change and the password stays; where the gateway leads changes only with a new one', async () => {
    const { id } = (await mail()).body
    const put = (body: object) => call('PUT', `DeliveryGateway/Mail/${id}`, body)
    expect((await put({ priority: 3, from: 'other@example.com' })).body).toMatchObject({
      priority: 3,
      passwordSet: true,
    })
    for (const elsewhere of [{ host: 'smtp.elsewhere.example' }, { port: 2525 }, { security: 'starttls' }]) {
      expect((await put(elsewhere)).body.detail).toMatch(/give them anew/)
    }
    const moved = await put({ host: 'smtp.elsewhere.example', password: 'another' })
    expect(moved.status).toBe(200)
    expect(await unsealed('mailGateways', id, 'password')).toBe('another')
    expect((await put({ user: null, password: null })).body.passwordSet).toBe(false)
    expect((await call('DELETE', `DeliveryGateway/Mail/${id}`)).status).toBe(204)
  })

  test.each([
    [{ host: 'smtp.example.com/x' }, /^host /],
    [{ host: '' }, /^host /],
    [{ security: 'none' }, /^security /],
    [{ from: 'a@b.example\r\nBcc: c@d.example' }, /^from /],
    [{ from: 'nobody' }, /^from /],
    [{ password: null }, /^user needs a password/],
    [{ user: null }, /^A password needs a user/],
    [{ id: '1' }, /^id /],
  ])('a mail gateway with %j is refused', async (more, sentence) => {
    const answer = await mail(more)
    expect(answer.status).toBe(400)
    expect(answer.body.detail).toMatch(sentence)
  })

  test('an SMS gateway begins as its preset and names its secrets only', async () => {
    const made = await sms()
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      preset: 'json-bearer',
      method: 'POST',
      contentType: 'application/json',
      secretsSet: ['key'],
    })
    expect(made.body.headers.authorization).toBe('Bearer {$secret.key}')
    expect(await unsealed('smsGateways', made.body.id, 'key')).toBe(SECRET)
    const form = await sms({ preset: 'form-basic', secrets: { user: 'ours', password: SECRET } })
    expect(form.status).toBe(201)
    expect(form.text).not.toContain(SECRET)
    const put = (body: object) => call('PUT', `DeliveryGateway/Sms/${made.body.id}`, body)
    expect((await put({ url: 'https://sms.example.com/v2' })).status).toBe(200)
    expect((await put({ url: 'https://elsewhere.example/v2' })).body.detail).toMatch(/give them anew/)
    expect((await put({ url: 'https://elsewhere.example/v2', secrets: { key: 'k' } })).status).toBe(200)
    expect((await put({ preset: 'form-basic' })).body.scimType).toBe('mutability')
    const texted = await put({ body: '{"to":"{$to}","text":"{$text} {$secret.key}"}' })
    expect(texted.body.detail).toMatch(/give them anew/)
    expect((await put({ headers: { 'x-key': '{$secret.key}' } })).body.detail).toMatch(/give them anew/)
    expect((await put({ body: '{"to":"{$to}","message":"{$text}"}' })).status).toBe(200)
  })

  test.each([
    [{ url: 'http://sms.example.com/' }, /^url is https/],
    [{ url: 'https://{$to}.example.com/' }, /^url is an absolute/],
    [{ url: 'https://user:x@sms.example.com/' }, /^url has no user/],
    [{ preset: 'nobody' }, /^preset is one of form-basic, json-bearer/],
    [{ body: '{"to":{$to},"text":"{$text}"' }, /^body is no JSON/],
    [{ body: '{"to":"{$to}"}' }, /\{\$text\} stands neither/],
    [{ body: '{"to":"{$to}","text":"{$text}{$colour}"}' }, /is no placeholder/],
    [{ body: '{"to":"{$to}","text":"{$text}{$basic.key.key}"}' }, /in headers only/],
    [{ secrets: {} }, /the secret key is missing/],
    [{ sender: null }, /sender is missing/],
    [{ headers: { host: 'elsewhere.example' } }, /is set by the server/],
    [{ headers: { 'x-a': 'b\r\nc: d' } }, /names and values/],
    [{ method: 'GET' }, /A GET has no body/],
  ])('an SMS gateway with %j is refused', async (more, sentence) => {
    const answer = await sms(more)
    expect(answer.status).toBe(400)
    expect(answer.body.detail).toMatch(sentence)
  })

  test('a tenant that moves takes its passwords along, sealed to where it arrives', async () => {
    const { id } = (await mail()).body
    const lines: string[] = []
    for await (const line of world.office.archive.export(world.demo.tenant, 'a long pass phrase', false))
      lines.push(line)
    expect(lines.join()).not.toContain(SECRET)
    const name = fresh()
    await world.office.archive.import(
      async function* () {
        yield* lines
      },
      'a long pass phrase',
      name,
    )
    const { configuration, sealer } = (await world.office.directory.find(name))!
    const sealed = configuration.findMailGateway(id)?.secrets?.password ?? ''
    const plain = sealer.unseal(secretPlace('mailGateways', id, 'password'), Buffer.from(sealed, 'base64url'))
    expect(Buffer.from(plain).toString()).toBe(SECRET)
  })

  test('a code names one gateway, of whichever kind', async () => {
    const { id } = (await mail()).body
    expect((await sms({ id })).status).toBe(409)
  })

  test('a stock text is covered by one of the own, another language stands beside it', async () => {
    const before = await call('GET', 'MessageTemplate/RESET_EMAIL_EN')
    expect(before.body).toMatchObject({ readOnly: true, purpose: 'reset', method: 'email', language: 'en' })
    const text = 'Your code is {$secret}.'
    const put = await call('PUT', 'MessageTemplate/RESET_EMAIL_EN', { text })
    expect(put.body).toMatchObject({ readOnly: false, text, subject: before.body.subject })
    expect((await call('PUT', 'MessageTemplate/RESET_EMAIL_EN', { purpose: 'oob' })).body.scimType).toBe('mutability')
    const german = { id: 'RESET_SMS_DE', purpose: 'reset', method: 'sms', language: 'de-CH', text: 'Code: {$secret}' }
    expect((await call('POST', 'MessageTemplate', german)).body).toMatchObject({ language: 'de-ch', readOnly: false })
    expect((await call('POST', 'MessageTemplate', { ...german, id: 'RESET_SMS_DE2' })).status).toBe(409)
    expect((await call('DELETE', 'MessageTemplate/RESET_EMAIL_EN')).status).toBe(204)
    expect((await call('GET', 'MessageTemplate/RESET_EMAIL_EN')).body.text).toBe(before.body.text)
    expect((await call('DELETE', 'MessageTemplate/RESET_EMAIL_EN')).body.scimType).toBe('mutability')
  })

  test.each([
    [{ text: 'No code at all' }, /holds \{\$secret\}/],
    [{ text: '{$secret} {$user}' }, /is no placeholder/],
    [{ subject: 'Hello' }, /neither subject nor html/],
    [{ method: 'email' }, /A mail has a subject/],
    [{ method: 'email', subject: 'Your code {$secret}' }, /A subject holds no code/],
    [{ language: 'not a language' }, /^language /],
    [{ purpose: undefined }, /purpose and method/],
  ])('a template with %j is refused', async (more, sentence) => {
    const base = { id: 'OWN_TEXT', purpose: 'oob', method: 'sms', language: 'fr', text: '{$secret}' }
    const answer = await call('POST', 'MessageTemplate', { ...base, ...more })
    expect(answer.status).toBe(400)
    expect(answer.body.detail).toMatch(sentence)
  })
})
