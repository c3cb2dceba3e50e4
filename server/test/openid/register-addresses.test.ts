/** Redirect URIs and callbacks that have fooled somebody somewhere, and those that applications really have. */
import { describe, expect, test } from 'vitest'
import { NO_CALLBACK_RULES } from '#domain/callback-rules.ts'
import { callbackIn, callbacksIn, redirectsIn } from '#openid/register-addresses.ts'

const good = [
  'https://rp.example/back',
  'https://rp.example',
  'https://rp.example/',
  'https://RP.Example/Back',
  'https://rp.example:8443/back?x=1&y=%20',
  'https://rp.example?x=1',
  'https://xn--bcher-kva.example/cb',
  'https://rp.example/a@b/~c/(d);e=f',
  'https://192.0.2.1/cb',
  'https://[2001:db8::1]/cb',
  'http://localhost/cb',
  'http://localhost:3000/cb',
  'http://127.0.0.1:49152/cb',
  'http://127.9.9.9/cb',
  'http://[::1]:8080/cb',
]
const bad = [
  '',
  'rp.example/back',
  '/back',
  '//rp.example/back',
  'https:/rp.example',
  'https:rp.example',
  'https:///rp.example',
  'http://rp.example/back',
  'http://10.0.0.1/back',
  'http://localhost.evil.example/',
  'http://127.0.0.1.evil.example/',
  'http://127.1/cb',
  'http://2130706433/cb',
  'http://0x7f000001/cb',
  'http://0177.0.0.1/cb',
  'http://[::ffff:127.0.0.1]/cb',
  'http://[::ffff:10.0.0.1]/cb',
  'http://0.0.0.0/cb',
  'https://rp.example/back#',
  'https://rp.example/back#code',
  'https://rp.example/back%23%0d%0aset-cookie:x',
  'https://user@rp.example/',
  'https://user:pass@rp.example/',
  'https://rp.example@evil.example/',
  'https://rp.example%40evil.example/',
  'https://rp.example\\@evil.example/',
  'https://rp.example\\evil',
  'https://rp.example/\\evil',
  'https://rp.example/../back',
  'https://rp.example/a/./b',
  'https://rp.example/a/%2e%2e/b',
  'https://rp.example/a/..%2fb/..',
  'https://rp.example/%0a',
  'https://rp.example/%zz',
  'https://rp.example/ back',
  ' https://rp.example/',
  'https://rp.example/\n',
  'https://rp.example/\t',
  'https://rp.exämple/',
  'https://rp。example/',
  'https://rp.example/ä',
  'https://*.example/back',
  'https://rp_.example/',
  'https://.example/',
  'https://rp..example/',
  'https://rp.example./',
  'https://rp.example:0/',
  'https://rp.example:99999/',
  'https://rp.example:/',
  'https://[fe80::1%25eth0]/',
  'https://[::1/',
  'https://rp.example/<script>',
  'https://rp.example/"',
  'javascript:alert(1)',
  'javascript://rp.example/%0aalert(1)',
  'data:text/html,x',
  'file:///etc/passwd',
  'com.example.app:/back',
  'urn:ietf:wg:oauth:2.0:oob',
  'ftp://rp.example/',
  'ws://localhost/',
  `https://rp.example/${'x'.repeat(2000)}`,
]

describe('redirect_uris', () => {
  test.each(good)('taken: %s', uri => expect(redirectsIn({ redirect_uris: [uri] })).toEqual([uri]))
  test.each(bad)('refused: %s', uri => {
    expect(() => redirectsIn({ redirect_uris: ['https://rp.example/', uri] })).toThrow(
      expect.objectContaining({ code: 'invalid_redirect_uri' }),
    )
  })
  test.each([
    ['text', 'https://rp.example/'],
    ['object', { 0: 'https://rp.example/' }],
    ['number', [1]],
  ])('of another kind: %s', (_, redirect_uris) => expect(() => redirectsIn({ redirect_uris })).toThrow())
  test('at most twenty', () => {
    const many = Array.from({ length: 21 }, (_, n) => `https://rp.example/${n}`)
    expect(() => redirectsIn({ redirect_uris: many })).toThrow()
    expect(redirectsIn({ redirect_uris: many.slice(1) })).toHaveLength(20)
  })
})

describe('C2: callbacks', () => {
  const local = { ...NO_CALLBACK_RULES, allowedRanges: ['127.0.0.0/8', '10.1.0.0/16'] }
  const read = (uri: unknown, rules = NO_CALLBACK_RULES) => callbackIn({ to: uri }, 'to', rules)

  test('https anywhere; names are judged when they are called', () => {
    expect(read('https://rp.example/cb')).toBe('https://rp.example/cb')
    expect(read('')).toBeUndefined()
    expect(read(null)).toBeUndefined()
  })
  test('http only to addresses in ranges that the tenant allows', () => {
    for (const uri of ['http://127.0.0.1:9000/cb', 'http://localhost:9000/cb', 'http://10.1.2.3/cb']) {
      expect(() => read(uri)).toThrow(expect.objectContaining({ code: 'invalid_client_metadata' }))
      expect(read(uri, local)).toBe(uri)
    }
    for (const uri of ['http://10.2.0.1/cb', 'http://[::1]/cb', 'http://rp.example/cb', 'http://0x7f000001/cb']) {
      expect(() => read(uri, local)).toThrow(expect.objectContaining({ code: 'invalid_client_metadata' }))
    }
  })
  test('each of a list, at most ten', () => {
    expect(callbacksIn({ to: ['https://a.example/', 'https://b.example/'] }, 'to', local)).toHaveLength(2)
    expect(() => callbacksIn({ to: ['https://a.example/', 'http://b.example/'] }, 'to', local)).toThrow()
    expect(() => callbacksIn({ to: Array(11).fill('https://a.example/') }, 'to', local)).toThrow()
    expect(() => callbacksIn({ to: 'https://a.example/' }, 'to', local)).toThrow()
  })
})
