/**
 * What holds for all resources alike: what deployed clients get wrong and are forgiven (tolerance T1 to T9, T11, T15).
 */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  api,
  clientToken,
  engineNames,
  giveAuthenticator,
  givePassword,
  giveToken,
  makeUser,
  otp,
  type Reply,
  scim,
  send,
  startWorld,
  type World,
} from '../world.ts'

const NOUNS = ['Users', 'Device', 'Authenticator', 'Credential'] as const
const URN = 'urn:hid:scim:api:idp:2.0'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let tenant: string
  let ids: Readonly<Record<(typeof NOUNS)[number], string>>
  let owner: { id: string; name: string }
  let externalId: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
    tenant = world.demo.tenant
    owner = await makeUser(world, bearer)
    await giveAuthenticator(world, bearer, owner.id)
    const held = await giveToken(world, bearer, owner.id)
    externalId = held.externalId
    const { body } = await scim(world, bearer, 'GET', `/Device/${held.deviceId}`)
    ids = {
      Users: owner.id,
      Device: held.deviceId,
      Authenticator: `${owner.id}.AT_OTP`,
      Credential: body.children[0].value,
    }
  })
  afterAll(() => world.close())

  const call = (method: string, path: string, body?: unknown) => api(world, bearer, method, path, body)
  const written = (path: string, method: string, body: string, type?: string) =>
    send(world.base + path, {
      method,
      headers: { authorization: `Bearer ${bearer}`, ...(type === undefined ? {} : { 'content-type': type }) },
      body: Buffer.from(body),
    })

  describe('T1: addresses', () => {
    test.each(NOUNS)('%s: a slash at the end, and scim in any case', async noun => {
      const plain = await call('GET', `/scim/${tenant}/v2/${noun}/${ids[noun]}`)
      expect(plain.status).toBe(200)
      for (const prefix of ['scim', 'SCIM', 'Scim', 'sCiM']) {
        for (const end of ['', '/']) {
          const one = await call('GET', `/${prefix}/${tenant}/v2/${noun}/${ids[noun]}${end}`)
          expect([prefix, end, one.status, one.body]).toEqual([prefix, end, 200, plain.body])
          expect((await call('GET', `/${prefix}/${tenant}/v2/${noun}${end}`)).status).toBe(200)
          expect((await call('POST', `/${prefix}/${tenant}/v2/${noun}/.search${end}`, {})).status).toBe(200)
        }
      }
    })
    test('nothing else is bent: the noun and the version stay as they are', async () => {
      for (const path of [
        `/scim/${tenant}/v2/users`,
        `/scim/${tenant}/v1/Users`,
        `/scim/${tenant}/v2//Users`,
        `/scim/${tenant}/Users`,
      ]) {
        expect([path, (await call('GET', path)).status]).toEqual([path, 404])
      }
    })
    test('Policy/Authenticator stands under scim, too, and says the same', async () => {
      const old = await call('GET', `/scim/${tenant}/v2/Policy/Authenticator/AT_OTP`)
      const current = await call('GET', `/configuration/${tenant}/v2/Policy/Authenticator/AT_OTP/`)
      const without = ({ body: { meta, ...rest } }: Reply) => rest
      expect([old.status, without(old)]).toEqual([200, without(current)])
    })
  })

  test.each(NOUNS)('T2: %s: api-version with blanks, from 1 to the current one, on every call', async noun => {
    for (const query of [
      'api-version=1',
      'api-version=10',
      'api-version=%207',
      '%20api-version%20=%208%20',
      'api-version=7.0',
      'unheard=of',
    ]) {
      const { status } = await call('GET', `/scim/${tenant}/v2/${noun}/${ids[noun]}?${query}`)
      expect([query, status === 200 || (query === 'api-version=7.0' && status === 400)]).toEqual([query, true])
      expect((await call('POST', `/scim/${tenant}/v2/${noun}/.search?api-version=9`, { unheard: 'of' })).status).toBe(
        200,
      )
    }
    expect((await call('GET', `/scim/${tenant}/v2/${noun}?api-version=nine`)).status).toBe(400)
  })

  test.each<[string | undefined]>([
    ['application/scim+json'],
    ['application/json'],
    ['"application/scim+json"'],
    ['application/scim+json; charset=utf-8'],
    ['application/json;charset=UTF-8'],
    ['text/plain'],
    ['application/x-www-form-urlencoded'],
    ['*/*'],
    [undefined],
  ])('T3: a body labelled %s', async type => {
    const answer = await written(`/scim/${tenant}/v2/Users/.search`, 'POST', '{"filter":"userName eq nobody"}', type)
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/scim+json;charset=utf-8'])
  })

  describe('T6: searches', () => {
    const search = (noun: string, body: object) => scim(world, bearer, 'POST', `/${noun}/.search`, body)
    test.each<[string, object]>([
      ['nothing at all', {}],
      ['only a filter', { filter: 'id pr' }],
      ['numbers as text', { startIndex: '0', count: '100' }],
      ['startIndex absent', { count: 5 }],
      ['nulls', { filter: null, sortBy: null, sortOrder: null, startIndex: null, count: null, attributes: null }],
      [
        'as the guides have it',
        {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:SearchRequest'],
          filter: 'id pr',
          sortBy: 'id',
          sortOrder: 'descending',
          startIndex: 0,
          count: 100,
        },
      ],
      ['wrong schemas', { schemas: 'roles' }],
      ['attributes as one text', { attributes: 'id, externalId' }],
      ['names in any case', { Filter: 'ID PR', SORTBY: 'ID', SortOrder: 'DESCENDING' }],
    ])('%s', async (_, body) => {
      for (const noun of NOUNS) {
        const { status, body: found } = await search(noun, body)
        expect([noun, status, Array.isArray(found.resources)]).toEqual([noun, 200, true])
      }
    })

    test('quoted and bare values, extra blanks, a star at the end, names in any case', async () => {
      const serial = externalId.slice(0, -2)
      for (const filter of [
        `externalId eq ${externalId}`,
        `externalId eq "${externalId}"`,
        `  externalId   eq   ${externalId}  `,
        `EXTERNALID EQ ${externalId}`,
        `externalId eq ${serial}*`,
        `externalId eq "${serial}*"`,
        `externalId sw ${serial}`,
        `externalId eq ${externalId} and type eq DT_POCK_OT`,
        `owner.value eq ${owner.id}`,
        `owner eq "${owner.id}"`,
        `owner.display eq ${owner.name}`,
      ]) {
        const { body } = await search('Device', { filter })
        expect([filter, body.totalResults, body.resources?.[0]?.externalId]).toEqual([filter, 1, externalId])
      }
    })

    test('groups for groups.value; codes of attributes as names', async () => {
      const mobile = `44${randomBytes(5).readUIntBE(0, 5)}`
      const attributes = [{ name: 'ATR_MOBILE', value: mobile }]
      const changed = await scim(world, bearer, 'PUT', `/Users/${owner.id}`, {
        [`${URN}:UserAttribute`]: { attributes },
      })
      expect([changed.status, changed.body.phoneNumbers]).toEqual([200, [{ value: mobile }]])
      for (const filter of [
        `ATR_MOBILE eq ${mobile}`,
        `atr_mobile eq "${mobile}"`,
        `phoneNumbers.value eq ${mobile}`,
      ]) {
        expect([filter, (await search('Users', { filter })).body.totalResults]).toEqual([filter, 1])
      }
      const [bare, full] = await Promise.all([
        search('Users', { filter: 'groups eq UG_ROOT' }),
        search('Users', { filter: 'groups.value eq UG_ROOT' }),
      ])
      expect([bare.body.totalResults > 0, bare.body.totalResults]).toEqual([true, full.body.totalResults])
    })

    test('paging counts from 0, a page holds at most a hundred, and an order goes both ways', async () => {
      const all = (await search('Users', { sortBy: 'id', count: 1000 })).body
      expect(all.resources.length).toBe(Math.min(100, all.totalResults))
      const numbers = all.resources.map(({ id }: { id: string }) => Number(id))
      expect(numbers).toEqual([...numbers].sort((one, other) => one - other))
      const page = (await search('Users', { sortBy: 'id', startIndex: 1, count: 2 })).body
      expect(page.resources.map(({ id }: { id: string }) => Number(id))).toEqual(numbers.slice(1, 3))
      expect(page.totalResults).toBe(all.totalResults)
      const down = (await search('Users', { sortBy: 'id', sortOrder: 'descending', count: 1 })).body
      expect(Number(down.resources[0].id)).toBe(Math.max(...numbers))
    })
  })

  test('T7: schemas that are wrong, incomplete or missing: the address says what it is', async () => {
    for (const schemas of [[], ['roles'], ['urn:hid:scim:api:idp:2.0:Attribute'], 'x', null, 1]) {
      const name = `schemas-${randomBytes(4).toString('hex')}`
      expect((await scim(world, bearer, 'POST', '/Users', { schemas, userName: name })).status).toBe(201)
    }
  })

  describe('T8: PUT with one member', () => {
    test.each<[string, (typeof NOUNS)[number], object]>([
      ['title', 'Users', { title: 'Dr' }],
      ['roles', 'Users', { roles: [] }],
      ['active', 'Users', { active: true }],
      ['a status', 'Device', { status: { status: 'ACTIVE' } }],
      ['a name', 'Device', { friendlyName: 'mine' }],
      ['nothing', 'Device', {}],
      ['a status', 'Authenticator', { status: { status: 'ENABLED' } }],
      ['a status', 'Credential', { status: { status: 'ACTIVE' } }],
    ])('%s of %s: all else stays', async (_, noun, body) => {
      const before = (await scim(world, bearer, 'GET', `/${noun}/${ids[noun]}`)).body
      const { status, body: after } = await scim(world, bearer, 'PUT', `/${noun}/${ids[noun]}`, body)
      expect(status).toBe(200)
      expect(Object.keys(before).filter(name => !(name in after))).toEqual([])
      for (const name of ['id', 'externalId', 'type', 'policy', 'children']) expect(after[name]).toEqual(before[name])
    })
    test('what was read is sent back as it is, with its own id, and nothing changes', async () => {
      for (const noun of NOUNS) {
        const before = (await scim(world, bearer, 'GET', `/${noun}/${ids[noun]}`)).body
        const { status, body } = await scim(world, bearer, 'PUT', `/${noun}/${ids[noun]}`, before)
        expect([noun, status, body]).toEqual([noun, 200, before])
      }
    })
    test('owner by value or display; an empty one takes the device away', async () => {
      const spare = await giveToken(world, bearer, owner.id, 'DT_POCK_OE')
      const put = async (body: object) =>
        (await scim(world, bearer, 'PUT', `/Device/${spare.deviceId}`, body)).body.owner
      expect(await put({ owner: { value: '' } })).toBeUndefined()
      expect(await put({ owner: { display: owner.name } })).toMatchObject({ value: owner.id, display: owner.name })
      expect(await put({ owner: { value: '', display: owner.name } })).toBeUndefined()
      expect(await put({ owner: { value: owner.id } })).toMatchObject({ type: 'User', value: owner.id })
    })
  })

  test.each([
    ['2035-05-15T18:15:21Z'],
    ['2035-05-15T18:15:21+0000'],
    ['2035-05-15T18:15:21+00:00'],
    ['2035-05-15T20:15:21+02:00'],
    ['2035-05-15T18:15:21.000Z'],
    ['2035-05-15T18:15:21.999+0000'],
    [Date.UTC(2035, 4, 15, 18, 15, 21)],
    [String(Date.UTC(2035, 4, 15, 18, 15, 21))],
  ])('T9: the date %s, shown in UTC and whole seconds', async expiryDate => {
    for (const noun of ['Device', 'Authenticator', 'Credential'] as const) {
      const { status, body } = await scim(world, bearer, 'PUT', `/${noun}/${ids[noun]}`, { status: { expiryDate } })
      expect([noun, status, body.status.expiryDate]).toEqual([noun, 200, '2035-05-15T18:15:21Z'])
    }
  })

  test('T15: OPTIONS answers at every address, whoever asks', async () => {
    for (const path of [
      ...NOUNS.flatMap(noun => [noun, `${noun}/.search`, `${noun}/1`]),
      'Device/.import',
      'Policy/Authenticator',
    ]) {
      const answer = await send(`${world.base}/scim/${tenant}/v2/${path}`, { method: 'OPTIONS' })
      expect([path, answer.status, answer.headers.get('allow')]).toEqual([path, 204, expect.stringMatching(/GET|POST/)])
    }
  })

  test('T11: the word null as a password is none: no authenticator gets it', async () => {
    const user = await makeUser(world, bearer)
    const body = {
      policy: { value: 'AT_STDPWD' },
      owner: { value: user.id },
      [`${URN}:Password`]: { username: user.name, password: 'null' },
    }
    const made = await scim(world, bearer, 'POST', '/Authenticator', body)
    expect(made.status === 201 || made.status === 400).toBe(true)
    const login = { grant_type: 'password', username: user.name, password: 'null', authType: 'AT_STDPWD' }
    expect((await otp(world, bearer, user.name, 'null', login)).status).toBe(400)
    if (made.status === 400) await givePassword(world, bearer, user.id)
  })
})
