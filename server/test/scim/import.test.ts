/** Imports over a whole server, on SQLite and PostgreSQL: all or nothing, and what of a file stays hidden. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Query } from '#domain/ports/store.ts'
import { rowsOf } from '#domain/ports/store.ts'
import {
  api,
  basic,
  clientToken,
  engineNames,
  giveAuthenticator,
  makeUser,
  otp,
  response,
  scim,
  startWorld,
  token,
  totpAt,
  type World,
} from '../world.ts'

const HEAD = 'serial,slot,algorithm,seed_hex,digits'
const line = (serial: string, seed = randomBytes(20), slot = 1, algorithm = 'HOTP') =>
  `${serial},${slot},${algorithm},${seed.toString('hex')},6`
const csv = (...lines: readonly string[]) => Buffer.from([HEAD, ...lines, ''].join('\n')).toString('base64')
const serial = () => `I${randomBytes(6).toString('hex')}`

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  const call = (method: string, path: string, body?: unknown, by = bearer) => scim(world, by, method, path, body)
  const send = (body: object, by = bearer) => call('POST', '/Device/.import', { deviceType: 'DT_POCK_OE', ...body }, by)
  const total = async (noun: string) => (await call('GET', `/${noun}?count=0`)).body.totalResults as number

  async function rows<Row>(text: string): Promise<readonly Row[]> {
    const tenant = await world.office.directory.find(world.demo.tenant)
    const query: Query<Row> = { name: `c_test_${text.slice(7, 60)}`, text, values: [] }
    return world.ground.store.read(tenant!.number, () => rowsOf(query))
  }

  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
  })
  afterAll(() => world.close())

  test('a file becomes devices with a key each; the kept totals follow', async () => {
    const [before, keysBefore] = [await total('Device'), await total('Credential')]
    const serials = Array.from({ length: 130 }, serial)
    const answer = await send({
      content: csv(...serials.map(one => line(one))),
      fileName: 'tokens.csv',
      expiryDate: '2035-01-01T00:00:00+01:00',
      status: 'pending',
    })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      totalResults: 130,
      startIndex: 0,
      itemsPerPage: 100,
      import: { status: 'SUCCESS', fileName: 'tokens.csv', deviceCount: 130, problemCount: 0, problems: [] },
    })
    expect(answer.body.resources).toHaveLength(100)
    expect(answer.body.resources[0]).toMatchObject({
      externalId: `${serials[0]}-1`,
      type: 'DT_POCK_OE',
      status: { status: 'PENDING', active: false, expiryDate: '2034-12-31T23:00:00Z' },
      children: [{ value: expect.stringMatching(/^\d+$/) }],
    })
    expect([await total('Device'), await total('Credential')]).toEqual([before + 130, keysBefore + 130])
    const all = await call('POST', '/Device/.search', { filter: 'id pr', count: 0 })
    expect(all.body.totalResults).toBe(before + 130)
    const again = await call('GET', `/Device/.import/${answer.body.import.id}`)
    expect(again.body).toEqual(answer.body.import)
    expect(answer.body.import.location).toContain(`/scim/${world.demo.tenant}/v2/Device/.import/`)
    expect(await rows('select 1 as "x" from device_staging')).toEqual([])
  })

  test('a type with both methods gives each device two keys over one secret', async () => {
    const seed = randomBytes(20)
    const name = serial()
    const answer = await send({ deviceType: 'DT_OATH_TC', content: csv(line(name, seed, 1, 'TOTP')) })
    const [device] = answer.body.resources
    expect(device.children).toHaveLength(2)
    const keys = await call('POST', '/Credential/.search', { filter: `device.value eq ${device.id}` })
    const types = keys.body.resources.map(({ type }: { type: string }) => type).sort()
    expect(types).toEqual(['CT_AIOCRA', 'CT_AIOT'])
    const user = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, user.id)
    await call('PUT', `/Device/${device.id}`, { owner: { value: user.id } })
    expect((await otp(world, bearer, user.name, totpAt(seed, world.now_seconds()))).status).toBe(200)
    const urn = 'urn:hid:scim:api:idp:2.0:Action'
    const attributes = [{ name: 'DEVICE.ID', value: device.id }]
    const asked = await call('POST', `/Authenticator/${user.id}.AT_OTP`, {
      [urn]: { action: 'DEVICE-CHALLENGE', attributes },
    })
    const answered = response(seed, asked.body.attributes[0].value, 'OCRA-1:HOTP-SHA1-6:QN08')
    const more = { mode: 'ASYNCHRONOUS', device_id: device.id }
    expect((await otp(world, bearer, user.name, answered, more)).status).toBe(200)
  })

  test('all or nothing: a bad row, a device that exists; the report is kept', async () => {
    const known = serial()
    expect((await send({ content: csv(line(known)) })).status).toBe(200)
    const before = await total('Device')
    const content = csv(line(serial()), line(known.toLowerCase()), `${serial()},1,HOTP,zz,6`)
    const refused = await send({ content })
    expect(refused.status).toBe(400)
    expect(refused.body.detail).toMatch(
      /^Nothing was imported; .* There are 2 such problems\. The report is import \d+\.$/,
    )
    const report = await call('GET', `/Device/.import/${/(\d+)\.$/.exec(refused.body.detail)![1]}`)
    expect(report.body).toMatchObject({ status: 'FAILED', deviceCount: 0, problemCount: 2 })
    expect(report.body.problems.map(({ code }: { code: string }) => code)).toContain('exists')
    expect(await total('Device')).toBe(before)
    const partial = await send({ content, partial: true })
    expect(partial.body).toMatchObject({ totalResults: 1, import: { status: 'SUCCESS', problemCount: 2 } })
    expect(await total('Device')).toBe(before + 1)
    expect(await rows('select 1 as "x" from device_staging')).toEqual([])
  })

  test('async: an id at once, then the report', async () => {
    const answer = await send({ content: csv(line(serial())), async: true })
    expect([answer.status, answer.body.status]).toEqual([202, 'PENDING'])
    expect(answer.headers.get('location')).toBe(answer.body.location)
    await world.office.imports.idle()
    const done = await call('GET', `/Device/.import/${answer.body.id}`)
    expect(done.body).toMatchObject({ status: 'SUCCESS', deviceCount: 1, finished: expect.any(String) })
    expect((await call('GET', '/Device/.import/999999')).status).toBe(404)
    expect((await call('GET', '/Device/.import/x')).status).toBe(404)
  })

  test('two imports of the same tokens at once: one wins', async () => {
    const content = csv(...Array.from({ length: 70 }, () => line(serial())))
    const before = await total('Device')
    const answers = await Promise.all([send({ content }), send({ content })])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 400])
    expect(await total('Device')).toBe(before + 70)

    const name = serial()
    const one = { type: 'DT_POCK_OE', externalId: `${name}-1` }
    const either = await Promise.all([send({ content: csv(line(name)) }), call('POST', '/Device', one)])
    expect(either.map(({ status }) => status)).toSatisfy(([file, single]: number[]) =>
      file === 200 ? single === 409 : file === 400 && single === 201,
    )
    expect(await total('Device')).toBe(before + 71)
  })

  test('H1: the seed is nowhere: not in answers, logs, audit or a text column', async () => {
    const seed = randomBytes(20)
    const good = await send({ content: csv(line(serial(), seed)) })
    const bad = await send({ content: csv(line('not a serial number', seed), line(serial(), seed, 500)) })
    const texts = [good.text, bad.text, world.logged.join()]
    for (const text of [
      'select body as "t" from audit_event',
      'select report as "t" from device_import',
      'select settings as "t" from credential',
    ]) {
      texts.push((await rows<{ t: string }>(text)).map(({ t }) => t).join())
    }
    const [secret] = await rows<{ secret: Uint8Array }>(
      'select secret as "secret" from credential order by id desc limit 1',
    )
    expect(Buffer.from(secret!.secret).includes(seed)).toBe(false)
    for (const form of ['hex', 'base64', 'base64url'] as const) {
      const written = seed.toString(form).replace(/=+$/, '').toLowerCase()
      expect(texts.join().toLowerCase()).not.toContain(written)
    }
    const events = await rows<{ body: string }>('select body as "body" from audit_event order by id')
    const imported = events.map(({ body }) => JSON.parse(body)).filter(({ action }) => action === 'importDevices')
    expect(imported.at(-1)).toMatchObject({ result: 'FAILURE' })
    expect(imported.at(-2)).toMatchObject({ result: 'SUCCESS' })
  })

  test.each([
    ['no content', { content: '' }],
    ['no base64', { content: '%%%' }],
    ['no such type', { deviceType: 'DT_NONE' }],
    ['an absent algorithm', { deviceType: 'DT_POCK_AT' }],
    ['no type', { deviceType: '' }],
    ['a status that no import gives', { status: 'REVOKED' }],
    ['no date', { expiryDate: 'soon' }],
    ['a proprietary file', { fileName: 'x.sdb' }],
    ['no text', { content: Buffer.from([0, 1, 2]).toString('base64') }],
  ])('H2: %s is refused', async (_, body) => {
    expect((await send({ content: csv(line(serial())), ...body })).status).toBe(400)
  })

  test('H3: an import is asked for in its own tenant, by who may import', async () => {
    const { body } = await send({ content: csv(line(serial())) })
    const name = `i${engine.toLowerCase()}${Date.now()}`
    await world.office.tenants.create(name)
    const as = async (role: string, tenantName: string) => {
      const tenant = await world.office.directory.find(tenantName)
      const client = await world.office.clients.register(tenant!, { name: role, role, scopes: ['openid'] })
      const there = { ...world, demo: { ...world.demo, tenant: tenantName } }
      const proof = { authorization: basic(client.clientId, client.secret) }
      return (await token(there, { grant_type: 'client_credentials' }, proof)).body.access_token as string
    }
    const path = `/scim/${name}/v2/Device/.import`
    const neighbour = await as('RL_CLIENTIDM2M', name)
    expect((await api(world, neighbour, 'GET', `${path}/${body.import.id}`)).status).toBe(404)
    const desk = await as('RL_HELPDSK', world.demo.tenant)
    expect((await send({ content: csv(line(serial())) }, desk)).status).toBe(403)
    expect((await call('GET', `/Device/.import/${body.import.id}`, undefined, desk)).status).toBe(403)
  })
})
