/** What is derived from the endpoints: description, page, permission table, complaints; and what the operator's tools see. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { complaintsAbout } from '#http/coverage.ts'
import { docsDoor } from '#http/docs.ts'
import type { Door } from '#http/door.ts'
import { observeDoor, processFigures, type Readiness } from '#http/observe.ts'
import { permissionTable } from '#http/permission-table.ts'
import { Traffic } from '#http/traffic.ts'
import { openidDoor, type Running, scimDoor, serve } from './small-doors.ts'

let server: Running
let readiness: Readiness = { ok: true, checks: { store: 'reachable' } }
const traffic = new Traffic()
const figures = processFigures()

const doorsWith = (token?: string): Door[] => {
  const metrics = token === undefined ? {} : { token }
  const doors = [openidDoor(), scimDoor, observeDoor({ ready: async () => readiness, metrics, figures, traffic })]
  return [...doors, docsDoor(doors, 'Small <doors>', '1')]
}

beforeAll(async () => {
  server = await serve({ doors: doorsWith(), traffic, origin: port => `http://localhost:${port}` })
})
afterAll(() => server.carrier.close())

describe('the description', () => {
  it('is OpenAPI 3.1 and names every endpoint with its caller and refusals', async () => {
    const { json } = await server.send('GET', '/openapi.json')
    expect(json.openapi).toBe('3.1.0')
    const operations = Object.values(json.paths).flatMap(path => Object.values(path as object))
    expect(operations.length).toBe(permissionTable(doorsWith()).length)
    expect(new Set(operations.map(one => one.operationId)).size).toBe(operations.length)
    const put = json.paths['/scim/{tenant}/v2/Users/{id}'].put
    expect(put['x-permission']).toBe('users.write')
    expect(put.security).toEqual([{ bearer: [] }])
    expect(put.parameters.map((one: { name: string }) => one.name)).toEqual(['tenant', 'id'])
    expect(put.requestBody.content).toHaveProperty('application/scim+json')
    expect(put.responses['403'].description).toBe('forbidden: The caller may not do this.')
    const token = json.paths['/{tenant}/authn/token'].post
    expect(token.responses['400']['x-refusals']).toEqual(['invalid_grant', 'invalid_request'])
    expect(Object.keys(token.requestBody.content)).toEqual(['application/x-www-form-urlencoded', 'application/json'])
  })

  it('H7: the page has no script, nothing from elsewhere, and escapes what it shows', async () => {
    const page = await server.send('GET', '/docs')
    expect(page.headers['content-security-policy']).toContain("default-src 'none'")
    expect(page.text).toContain('Small &lt;doors&gt;')
    expect(page.text).not.toMatch(/<script|<style|style=|onclick|src=|href="(?!#|\/openapi\.json|\/docs\.css)/)
    expect(page.text).toContain('<html lang="en">')
    const ids = [...page.text.matchAll(/ id="([^"]+)"/g)].map(match => match[1])
    expect(new Set(ids).size).toBe(ids.length)
    for (const [, target] of page.text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target)
    const style = await server.send('GET', '/docs.css')
    expect(style.headers['content-type']).toBe('text/css;charset=UTF-8')
    expect(style.text).not.toMatch(/url\(|@import/)
  })
})

describe('route coverage', () => {
  it('has nothing to complain about here', () => {
    expect(complaintsAbout(doorsWith())).toEqual([])
  })

  it('fails when each of its rules is broken', () => {
    const door = openidDoor()
    const jwks = door.endpoints[1]!
    const having = (more: object): Door[] => [{ ...door, endpoints: [{ ...jwks, ...more }] }]
    expect(complaintsAbout([])).not.toEqual([])
    expect(complaintsAbout([{ ...door, endpoints: [] }])).not.toEqual([])
    expect(complaintsAbout(having({ access: undefined })).join()).toContain('does not say who may call it')
    expect(complaintsAbout(having({ access: { kind: 'anyone', why: ' ' } })).join()).toContain('no reason')
    expect(complaintsAbout(having({ access: { kind: 'bearer', permission: '' } })).join()).toContain('no permission')
    expect(complaintsAbout(having({ refusals: ['no_such_code'] })).join()).toContain('not in the list')
    expect(complaintsAbout(having({ refusals: ['invalid_grant', 'invalid_grant'] })).join()).toContain('twice')
    expect(complaintsAbout(having({ summary: '' })).join()).toContain('has no sentence')
    expect(complaintsAbout(having({ path: '/{tenant}/{id}' })).join()).toContain('without a shape: id')
    const twice = { ...door, endpoints: [jwks, { ...jwks, path: '/{world}/authn/jwks' }] }
    expect(complaintsAbout([twice]).join()).toContain('stands more than once')
  })

  it('the permission table has a row for each endpoint', () => {
    const row = permissionTable([scimDoor]).find(one => one.method === 'DELETE')
    expect(row).toEqual({
      door: 'scim',
      method: 'DELETE',
      path: '/scim/{tenant}/v2/Users/{id}',
      access: 'bearer',
      permission: 'users.write',
      why: '',
    })
  })
})

describe("the operator's tools", () => {
  it('alive and ready', async () => {
    expect((await server.send('GET', '/healthz')).text).toBe('ok\n')
    expect((await server.send('GET', '/readyz')).json).toEqual({ ok: true, checks: { store: 'reachable' } })
    readiness = { ok: false, checks: { store: 'not reachable' } }
    expect((await server.send('GET', '/readyz')).status).toBe(503)
    readiness = { ok: true, checks: {} }
  })

  it('H1: metrics count by endpoint, without anything a request brought along', async () => {
    await server.send('GET', '/demo/authn/jwks?secret=planted', { headers: { 'x-correlation-id': 'planted' } })
    await server.send('GET', '/planted/authn/jwks')
    await server.send('GET', '/planted')
    const { headers, text } = await server.send('GET', '/metrics')
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8')
    const labels = 'door="openid",method="GET",path="/{tenant}/authn/jwks"'
    expect(text).toContain(`http_requests_total{${labels},status="2xx"} 1\n`)
    expect(text).toContain(`http_requests_total{${labels},status="4xx"} 1\n`)
    expect(text).toContain('http_requests_total{door="none",method="GET",path="*",status="4xx"} 1\n')
    expect(text).toContain(`http_request_duration_seconds_count{${labels}} 2\n`)
    expect(text).not.toMatch(/planted|demo/)
  })

  it('A3: metrics are for the operator only', async () => {
    const open = await serve({ doors: doorsWith(), origin: 'https://id.example' })
    const missing = await open.send('GET', '/nothing')
    const hidden = await open.send('GET', '/metrics')
    expect([hidden.status, hidden.text]).toEqual([missing.status, missing.text])
    await open.carrier.close()

    const guarded = await serve({ doors: doorsWith('a-token'), origin: port => `http://localhost:${port}` })
    const scrape = (authorization: string) => guarded.send('GET', '/metrics', { headers: { authorization } })
    expect((await guarded.send('GET', '/metrics')).status).toBe(404)
    expect((await scrape('Bearer another')).status).toBe(404)
    expect((await scrape('Bearer a-token')).status).toBe(200)
    await guarded.carrier.close()
  })
})
