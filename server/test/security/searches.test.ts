/** A4: whatever is added to a search, it never answers more; a name that is not known is refused and not passed over. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, engineNames, form, type Reply, scim, startWorld, type World } from '../world.ts'
import { NEIGHBOUR, type Side, TWIN, TWIN_DEVICE, twoTenants } from './two-tenants.ts'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let mine: Side
  beforeAll(async () => {
    world = await startWorld(engine)
    mine = (await twoTenants(world)).mine
  })
  afterAll(() => world.close())

  const NARROW: Readonly<Record<string, (side: Side) => string>> = {
    Users: () => `userName eq ${TWIN}`,
    Device: () => `externalId eq ${TWIN_DEVICE}`,
    Authenticator: side => `id eq ${side.authenticator}`,
    Credential: side => `id eq ${side.credential}`,
  }
  const nouns = Object.keys(NARROW)
  const extras = [
    ['tenant', NEIGHBOUR],
    ['tenantId', NEIGHBOUR],
    ['userId', '1'],
    ['user', '*'],
    ['realm', NEIGHBOUR],
    ['organization', '*'],
    ['Filter', 'id pr'],
    ['FILTER', ''],
    ['filters', 'id pr'],
    ['filter[]', 'id pr'],
    ['$filter', 'id pr'],
    ['or', 'id pr'],
    ['where', '1=1'],
    ['q', '*'],
    ['all', 'true'],
    ['includeAll', '1'],
    ['externalId', '*'],
    ['id', '*'],
    ['userName', 'x'],
    ['active', 'true'],
    ['owner', '*'],
    ['schemas', 'urn:none'],
    ['Count', '1000000'],
    ['limit', '1000'],
    ['offset', '0'],
    ['resolver', NEIGHBOUR],
    ['unheard', 'of'],
    ['api-version', '10'],
  ] as const

  test.each(nouns)('%s: it answers no more than before, in the query and in the body', async noun => {
    const filter = NARROW[noun]!(mine)
    const one = async (answer: Promise<Reply>, what: string) => {
      const { status, body } = await answer
      const total = status === 200 ? body.totalResults : 0
      expect([what, status === 200 || status === 400, total <= 1]).toEqual([what, true, true])
    }
    for (const [name, value] of extras) {
      const query = form({ filter, [name]: value })
      await one(scim(world, mine.bearer, 'GET', `/${noun}?${query}`), `query ${name}`)
      if (name !== 'FILTER' && name !== 'Filter') {
        await one(
          scim(world, mine.bearer, 'POST', `/${noun}/.search?${form({ [name]: value })}`, { filter }),
          `both ${name}`,
        )
      }
      await one(scim(world, mine.bearer, 'POST', `/${noun}/.search`, { filter, [name]: value }), `body ${name}`)
      await one(scim(world, mine.bearer, 'POST', `/${noun}/.search`, { [name]: { $ne: 1 }, filter }), `object ${name}`)
    }
    for (const twice of [
      `filter=${encodeURIComponent(filter)}&filter=id%20pr`,
      `filter=id%20pr&filter=${encodeURIComponent(filter)}`,
    ]) {
      expect((await scim(world, mine.bearer, 'GET', `/${noun}?${twice}`)).status).toBe(400)
    }
    const both = await scim(world, mine.bearer, 'POST', `/${noun}/.search?filter=id%20pr`, { filter })
    expect(both.status).toBe(400)
  })

  test.each(nouns)('%s: unknown names are refused: in the filter, to sort by, to select', async noun => {
    for (const name of [
      'nonsense',
      '__proto__',
      'constructor',
      'password',
      'secret',
      'tenant_number',
      'a.b.c',
      'tenant',
    ]) {
      const bodies = [
        { filter: `${name} eq 1` },
        { filter: `${name} pr` },
        { sortBy: name },
        { attributes: [name] },
        { excludedAttributes: [name] },
        { attributes: ['id', name] },
      ]
      for (const body of bodies) {
        const { status } = await scim(world, mine.bearer, 'POST', `/${noun}/.search`, body)
        expect([JSON.stringify(body), status]).toEqual([JSON.stringify(body), 400])
      }
      for (const query of [
        `filter=${name}%20eq%201`,
        `sortBy=${name}`,
        `attributes=${name}`,
        `excludedAttributes=id,${name}`,
      ]) {
        expect([query, (await scim(world, mine.bearer, 'GET', `/${noun}?${query}`)).status]).toEqual([query, 400])
      }
    }
  })

  test('unknown names are refused on a single resource as well', async () => {
    for (const path of [
      `/Users/${mine.user.id}`,
      `/Device/${mine.device}`,
      `/Authenticator/${mine.authenticator}`,
      `/Credential/${mine.credential}`,
    ]) {
      for (const query of [
        'attributes=nonsense',
        'excludedAttributes=nonsense',
        'attributes=id,tenant',
        `tenant=${NEIGHBOUR}`,
        'UserId=1',
      ]) {
        expect([path, query, (await scim(world, mine.bearer, 'GET', `${path}?${query}`)).status]).toEqual([
          path,
          query,
          400,
        ])
      }
    }
  })

  test('an empty filter is none, and a filter that is no text is refused', async () => {
    for (const noun of nouns) {
      for (const filter of [{}, [], 1, true, ['id pr']]) {
        expect((await scim(world, mine.bearer, 'POST', `/${noun}/.search`, { filter })).status).toBe(400)
      }
    }
  })

  test.each(['Policy/Authenticator', 'Device/Type', 'Credential/Type'])(
    'configuration %s: no filter is ignored',
    async path => {
      for (const query of ['filter=id%20pr', 'filter=nonsense%20eq%201', 'filter=']) {
        const { status } = await api(
          world,
          mine.bearer,
          'GET',
          `/configuration/${world.demo.tenant}/v2/${path}?${query}`,
        )
        expect([query, status]).toEqual([query, 400])
      }
    },
  )

  test.each([
    'Policy/Authenticator',
    'Device/Type',
    'Credential/Type',
    'Policy/Authenticator/AT_OTP',
    'Device/Type/DT_POCK_OT',
    'Credential/Type/CT_AIOT',
  ])('configuration %s: unknown names are refused', async path => {
    const isList = path.split('/').length === 2
    for (const query of [
      ...(isList ? ['sortBy=nonsense'] : []),
      'attributes=nonsense',
      'excludedAttributes=nonsense',
      'attributes=id,nonsense',
      `tenant=${NEIGHBOUR}`,
      'userId=1',
    ]) {
      const address = `/configuration/${world.demo.tenant}/v2/${path}?${query}`
      expect([query, (await api(world, mine.bearer, 'GET', address)).status]).toEqual([query, 400])
    }
  })
})
