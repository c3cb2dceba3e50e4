/** C2: one POST on a real socket goes to the address that was judged, by a certificate that is trusted, within its bounds. */
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type Endpoint, openEndpoint, statusOf } from '#delivery/conformance/endpoint.ts'
import { post } from '#delivery/post.ts'
import { SystemClock } from '#jobs/clock.ts'
import { selfSigned } from '#keys/certificate.ts'

const clock = new SystemClock()
const rules = { code: 'CALLBACKS', allowedRanges: ['127.0.0.0/8'], unregisteredLoopback: false } as const
const letter = { headers: { authorization: 'Bearer b' }, body: '{}' }
let endpoint: Endpoint

beforeEach(async () => {
  endpoint = await openEndpoint()
})
afterEach(() => endpoint.close())

it('a name that resolves otherwise a moment later leads to the address that was judged', async () => {
  const { port } = new URL(endpoint.url)
  const answers = ['127.0.0.1', '10.0.0.1', '169.254.169.254']
  let asked = 0
  const resolve = async () => [{ address: answers[asked++] ?? '10.0.0.1', family: 4 }]
  const outcome = await post({ ...letter, url: `http://rebinding.example:${port}/cb` }, { clock, rules, resolve })
  expect(outcome).toEqual({ name: 'delivered', status: 201 })
  expect(asked).toBe(1)
  expect(endpoint.received[0]?.headers.host).toBe(`rebinding.example:${port}`)
  expect((await post({ ...letter, url: `http://rebinding.example:${port}/cb` }, { clock, rules, resolve })).name).toBe(
    'address_refused',
  )
})

it('a look-up that hangs is ended, one that fails ends at once', async () => {
  const url = 'https://bank.example/'
  const hanging = post({ ...letter, url }, { clock, rules, resolve: () => new Promise(() => {}) })
  const failing = post(
    { ...letter, url },
    { clock, rules, resolve: () => Promise.reject(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })) },
  )
  expect(await failing).toEqual({ name: 'unreachable', status: null })
  expect(await hanging).toEqual({ name: 'timeout', status: null })
})

it('a certificate that nobody trusts is not talked to', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const der = await selfSigned({ privateKey, subject: 'localhost', made_at: Date.now() })
  const cert = `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64')}\n-----END CERTIFICATE-----\n`
  let requests = 0
  const server = createServer({ cert, key: privateKey.export({ format: 'pem', type: 'pkcs8' }) }, (_, response) => {
    requests += 1
    response.end()
  })
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  expect(await post({ ...letter, url: `https://localhost:${port}/` }, { clock, rules })).toEqual({
    name: 'unreachable',
    status: null,
  })
  expect(requests).toBe(0)
  await new Promise(closed => server.close(closed))
})

it.each([
  ['120', 120_000],
  ['0', 0],
  ['99999999', 3_600_000],
  ['-5', undefined],
  ['1e3', undefined],
  ['soon', undefined],
])('Retry-After: %s', async (value, expected) => {
  endpoint.answer(statusOf(503, { 'retry-after': value }))
  const { retryAfter_ms } = await post({ ...letter, url: endpoint.url }, { clock, rules })
  expect(retryAfter_ms).toBe(expected)
})

it('Retry-After: a date', async () => {
  endpoint.answer(statusOf(429, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() }))
  const { retryAfter_ms = 0 } = await post({ ...letter, url: endpoint.url }, { clock, rules })
  expect(retryAfter_ms).toBeGreaterThan(50_000)
  expect(retryAfter_ms).toBeLessThanOrEqual(60_000)
})

it('a header that a bearer would break out of is not sent', async () => {
  const headers = { authorization: 'Bearer a\r\nx: y' }
  expect((await post({ ...letter, headers, url: endpoint.url }, { clock, rules })).name).not.toBe('delivered')
  expect(endpoint.received).toHaveLength(0)
})
