/**
 * Whose pages may read a tenant's answers: those of the origins it lists, on each of its doors and refusals too; no other page, none
 * without an origin, and never with cookies.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { api, clientToken, engineNames, startWorld, type World } from '../world.ts'

const OURS = 'https://portal.example'
const HERE = 'http://localhost:5173'

describe.each(engineNames)('on %s', engine => {
  let world: World
  let bearer: string
  let path: string
  beforeAll(async () => {
    world = await startWorld(engine)
    bearer = await clientToken(world)
    path = `/configuration/${world.demo.tenant}/v2/CorsOrigins`
    const put = await api(world, bearer, 'PUT', path, { origins: [OURS, HERE, OURS] })
    expect(put.status).toBe(200)
    expect(put.body).toMatchObject({ origins: [OURS, HERE], meta: { version: 1 } })
  })
  afterAll(() => world.close())

  const ask = (address: string, origin: string | undefined, more: RequestInit = {}) =>
    fetch(`${world.base}${address}`, {
      ...more,
      headers: { ...more.headers, ...(origin === undefined ? {} : { origin }) },
    })
  const doors = () => [
    `/${world.demo.tenant}/authn/.well-known/openid-configuration`,
    `/idp/${world.demo.tenant}/authn/.well-known/openid-configuration`,
    `/${world.demo.tenant}/authn/userinfo`,
    `/scim/${world.demo.tenant}/v2/Users/1`,
    path,
  ]

  test.each([OURS, HERE])('pages of %s may read answers and refusals, and the next csrf token', async origin => {
    for (const address of doors()) {
      const { headers } = await ask(address, origin)
      expect([address, headers.get('access-control-allow-origin')]).toEqual([address, origin])
      expect(headers.get('vary')).toBe('Origin')
      expect(headers.get('access-control-expose-headers')).toContain('server-csrf-token')
      expect(headers.get('access-control-allow-credentials')).toBeNull()
    }
  })

  test.each(['https://elsewhere.example', 'null', `${OURS}.elsewhere.example`, 'https://PORTAL.example', undefined])(
    'pages of %s may read nothing',
    async origin => {
      for (const address of doors()) {
        const { headers } = await ask(address, origin)
        expect([address, headers.get('access-control-allow-origin')]).toEqual([address, null])
        expect(headers.get('vary')).toBe('Origin')
      }
    },
  )

  test('a page asks before it calls: listed origins are told, others are not', async () => {
    const headers = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'server-csrf-token' }
    const preflight = (origin: string, tenant = world.demo.tenant) =>
      ask(`/${tenant}/authn/token`, origin, { method: 'OPTIONS', headers })
    const allowed = await preflight(OURS)
    expect(allowed.status).toBe(204)
    expect(allowed.headers.get('access-control-allow-origin')).toBe(OURS)
    expect(allowed.headers.get('access-control-allow-methods')).toContain('POST')
    expect(allowed.headers.get('access-control-allow-headers')).toBe(
      'authorization, content-type, accept, server-csrf-token',
    )
    expect(allowed.headers.get('access-control-allow-credentials')).toBeNull()
    for (const answer of [
      await preflight('https://elsewhere.example'),
      await preflight('null'),
      await preflight(OURS, 'nobody'),
    ]) {
      expect(answer.status).toBe(204)
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
      expect(answer.headers.get('access-control-allow-methods')).toBeNull()
    }
  })

  test('a tenant that lists nobody says nothing about origins', async () => {
    await world.office.tenants.create(`quiet${engine.toLowerCase()}`)
    const answer = await ask(`/quiet${engine.toLowerCase()}/authn/.well-known/openid-configuration`, OURS)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('vary')).toBeNull()
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test.each([
    '*',
    'null',
    'https://portal.example/',
    'http://portal.example',
    'https://*.example',
    'https://a@b.example',
    'portal.example',
    'https://Portal.example',
  ])('%s is no origin that can be listed', async origin => {
    const answer = await api(world, bearer, 'PUT', path, { origins: [origin] })
    expect(answer.status).toBe(400)
    expect((await api(world, bearer, 'GET', path)).body.origins).toEqual([OURS, HERE])
  })

  test('at most fifty, and none of a stale version', async () => {
    const many = Array.from({ length: 51 }, (_, n) => `https://p${n}.example`)
    expect((await api(world, bearer, 'PUT', path, { origins: many })).status).toBe(400)
    expect((await api(world, bearer, 'PUT', path, { origins: [], meta: { version: 9 } })).status).toBe(409)
  })
})
