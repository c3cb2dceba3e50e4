/** Codes for transactions, and the actions on authenticators that have to do with codes by mail and SMS. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundIn, text } from '../security/planted-secrets.ts'
import { basic, givePassword, otherCode, scim, token } from '../world.ts'
import {
  ACTION,
  action,
  ask,
  codeIn,
  makePerson,
  messagesTo,
  newest,
  type OobWorld,
  type Person,
  register,
  send,
  startOob,
} from './people.ts'

let given: OobWorld
beforeAll(async () => {
  given = await startOob()
})
afterAll(() => given.world.close())

const TX = { policy: 'AT_TXOOB', deviceType: 'DT_TXOOB', useActivationCode: false }
const TDS = 'Pay 1200.00 EUR to Otto Example? Your code: {$secret}'

const post = (id: string, body: unknown) => scim(given.world, given.bearer, 'POST', `/Authenticator/${id}`, body)
const deliver = (id: string, attributes: Record<string, string>) => post(id, action('DELIVER-CHALLENGE', attributes))
const valuesOf = (answer: { body: { attributes: readonly { name: string; value?: string }[] } }) =>
  Object.fromEntries(answer.body.attributes.map(({ name, value }) => [name, value]))
const prove = (person: Person, code: string, context?: string) =>
  ask(given, person.name, code, { authType: 'AT_TXOOB', ...(context === undefined ? {} : { context }) })

test('T10, G2: delivered by user name, CHALLENGE first, saying nothing; redeemed by txID and correlationId', async () => {
  const person = await makePerson(given)
  await register(given, person, TX)
  const delivered = await deliver('.AT_TXOOB', {
    'USER.EXTERNALID': person.name,
    tds: TDS,
    correlationid: 'order-7',
    DEVICETYPE: 'DT_TXOOB',
  })
  expect(delivered.status).toBe(200)
  expect(delivered.body.attributes.map(({ name }: { name: string }) => name)).toEqual([
    'CHALLENGE',
    'CHALLENGE.ID',
    'REQUEST.STATUS',
    'REQUEST.REASON',
    'REQUEST.ERROR_MESSAGE',
  ])
  const values = valuesOf(delivered)
  expect([values['REQUEST.STATUS'], values['REQUEST.REASON'], values['REQUEST.ERROR_MESSAGE']]).toEqual([
    '1',
    '-1',
    undefined,
  ])
  const [message] = await messagesTo(given, person.mobile)
  expect(message?.text).toMatch(/^Pay 1200\.00 EUR to Otto Example\? Your code: \d{8}$/)
  const code = message?.text.slice(-8) ?? ''
  expect(values.CHALLENGE).not.toContain(code)

  const tx = `txID:${values['CHALLENGE.ID']}:false`
  expect((await prove(person, code)).body.error).toBe('invalid_request')
  expect((await prove(person, code, 'txID:17:false correlationId:order-7:false')).body.error).toBe('invalid_grant')
  expect((await prove(person, code, `${tx} correlationId:order-8:true`)).body.error).toBe('invalid_grant')
  expect((await prove(person, code, tx)).body.error).toBe('invalid_grant')
  const done = await prove(person, code, `${tx} correlationId:order-7:true`)
  expect([done.status, done.body.token_type]).toEqual([200, 'Bearer'])
  expect((await prove(person, code, `${tx} correlationId:order-7:true`)).status).toBe(400)
})

test('by user id; a second delivery is another transaction: the code of the first confirms nothing', async () => {
  const person = await makePerson(given)
  await register(given, person, TX)
  const one = valuesOf(await deliver(`${person.id}.AT_TXOOB`, { tds: TDS }))
  const first = (await messagesTo(given, person.mobile))[0]?.text.slice(-8) ?? ''
  const two = valuesOf(await deliver(`${person.id}.AT_TXOOB`, { tds: `Other: ${TDS}` }))
  const second = (await messagesTo(given, person.mobile, 2))[1]?.text.slice(-8) ?? ''
  expect((await prove(person, first, `txID:${one['CHALLENGE.ID']}:false`)).status).toBe(400)
  expect((await prove(person, second, `txID:${one['CHALLENGE.ID']}:false`)).status).toBe(400)
  expect((await prove(person, otherCode(second), `txID:${two['CHALLENGE.ID']}:false`)).status).toBe(400)
  expect((await prove(person, second, `txID:${two['CHALLENGE.ID']}:false`)).status).toBe(200)
})

test('what cannot be delivered is refused: no placeholder, another device type, nobody, nothing registered, a sign-in policy', async () => {
  const person = await makePerson(given)
  await register(given, person, TX)
  const id = `${person.id}.AT_TXOOB`
  expect((await deliver(id, { tds: 'no place for it' })).body.scimType).toBe('invalidValue')
  expect((await deliver(id, { tds: TDS, DEVICETYPE: 'DT_OOB' })).status).toBe(400)
  expect((await deliver(id, { tds: TDS, correlationid: 'x'.repeat(129) })).status).toBe(400)
  expect((await deliver('.AT_TXOOB', { tds: TDS, 'USER.EXTERNALID': 'nobody' })).status).toBe(404)
  const other = await makePerson(given)
  await scim(given.world, given.bearer, 'POST', '/Authenticator', {
    policy: { value: 'AT_TXOOB' },
    owner: { value: other.id },
  })
  expect((await deliver(`${other.id}.AT_TXOOB`, { tds: TDS })).status).toBe(400)
  await register(given, other)
  expect((await deliver(`${other.id}.AT_OOB`, { tds: TDS })).status).toBe(400)
  expect(
    (await ask(given, person.name, 'null', { authType: 'AT_TXOOB', noToken: '1', context: 'txID:1:false' })).status,
  ).toBe(400)
})

test('M1: deliveries have a budget, too', async () => {
  const person = await makePerson(given)
  await register(given, person, TX)
  const statuses: number[] = []
  for (let n = 0; n < 12; n++) statuses.push((await deliver(`${person.id}.AT_TXOOB`, { tds: TDS })).status)
  expect(statuses).toEqual([...Array(8).fill(200), ...Array(4).fill(429)])
  expect((await messagesTo(given, person.mobile, 8)).length).toBe(8)
})

test('E2: strangers who ask for a person’s codes do not keep an application from reaching him', async () => {
  const person = await makePerson(given)
  await register(given, person)
  await register(given, person, TX)
  for (let n = 0; n < 12; n++) {
    await send(given, person)
    given.world.pass(11)
  }
  await messagesTo(given, person.mobile, 8)
  expect((await deliver(`${person.id}.AT_TXOOB`, { tds: TDS })).status).toBe(200)
  expect((await messagesTo(given, person.mobile, 9)).at(-1)?.text).toContain('Otto Example')
})

test('REGISTER-OOB and UNREGISTER-OOB as actions', async () => {
  const person = await makePerson(given)
  const made = await scim(given.world, given.bearer, 'POST', '/Authenticator', {
    policy: { value: 'AT_OOB' },
    owner: { display: person.name },
  })
  expect(made.status).toBe(201)
  const id = `${person.id}.AT_OOB`
  const registered = await post(id, {
    ...action('REGISTER-OOB', { OOB_DEVICETYPE_CODE: 'DT_OOBEML' }),
    activationCode: 'open sesame',
  })
  expect(valuesOf(registered)).toEqual({ OOB_DEVICETYPE_CODE: 'DT_OOBEML', OOB_CREDENTIALTYPE_CODE: 'CT_ACODE' })
  expect((await send(given, person, 'open sesame')).status).toBe(200)
  const code = await newest(given, person.email)
  expect((await post(id, action('UNREGISTER-OOB'))).status).toBe(200)
  expect((await ask(given, person.name, code)).status).toBe(400)
  expect((await send(given, person, 'open sesame')).status).toBe(400)
})

test('what may not be registered', async () => {
  const person = await makePerson(given)
  const refused = async (more: Parameters<typeof register>[2]) => (await register(given, person, more)).body.scimType
  expect(await refused({ deviceType: 'DT_POCK_OT' })).toBe('invalidValue')
  expect(await refused({ policy: 'AT_OOBSMS', deviceType: 'DT_OOBEML' })).toBe('invalidValue')
  expect(await refused({ policy: 'AT_OOB', deviceType: 'DT_TXOOB' })).toBe('invalidValue')
  expect(await refused({ policy: 'AT_OTP' })).toBe('invalidValue')
  expect(await refused({ useActivationCode: true })).toBe('invalidValue')
  expect(await refused({ activationCode: 'x'.repeat(101) })).toBe('invalidValue')
  const id = `${person.id}.AT_OOB`
  expect((await register(given, person)).status).toBe(201)
  const put = await scim(given.world, given.bearer, 'PUT', `/Authenticator/${id}`, action('REGISTER-OOB'))
  expect(put.status).toBe(400)
  const other = { policy: { value: 'AT_OOBSMS' }, owner: { value: person.id }, [ACTION]: { action: 'RESET' } }
  expect((await scim(given.world, given.bearer, 'POST', '/Authenticator', other)).status).toBe(400)
})

test('H1: activation codes and delivered codes are in no answer and no column in the clear', async () => {
  const person = await makePerson(given)
  await register(given, person, { activationCode: 'planted-activation' })
  await send(given, person, 'planted-activation')
  const code = codeIn((await messagesTo(given, person.mobile))[0])
  const shown = await scim(given.world, given.bearer, 'GET', `/Authenticator/${person.id}.AT_OOB`)
  expect(shown.text).not.toMatch(new RegExp(`planted-activation|${code}`))
  const logged = given.world.logged.join()
  expect(logged).not.toContain('planted-activation')
  expect(logged).not.toContain(person.mobile)
  await register(given, person, TX)
  await deliver(`${person.id}.AT_TXOOB`, { tds: 'planted-transaction {$secret}', correlationid: 'planted-correlation' })
  await messagesTo(given, person.mobile, 2)
  const planted = ['planted-activation', 'planted-transaction', 'planted-correlation'].map(one => text(one, one))
  for (const file of ['countersign.db', 'countersign.db-wal']) {
    expect(foundIn(file, readFileSync(join(given.world.home, file)), planted)).toEqual([])
  }
})

test('a client without the permission may not deliver; a person’s password is no code', async () => {
  const person = await makePerson(given)
  await register(given, person, TX)
  const { client_id, client_secret } = given.world.demo.rp
  const { body } = await token(
    given.world,
    { grant_type: 'client_credentials' },
    { authorization: basic(client_id, client_secret) },
  )
  const refused = await scim(
    given.world,
    body.access_token,
    'POST',
    `/Authenticator/${person.id}.AT_TXOOB`,
    action('DELIVER-CHALLENGE', { tds: TDS }),
  )
  expect(refused.status).toBe(403)
  const password = await givePassword(given.world, given.bearer, person.id)
  expect((await prove(person, password, 'txID:1:false')).status).toBe(400)
})
