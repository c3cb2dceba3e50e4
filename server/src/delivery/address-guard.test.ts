/** C2: where we may be sent. Names are resolved by tables of the tests, addresses are judged by the product. */
import { describe, expect, test } from 'vitest'
import { findTarget, type Resolve } from '#delivery/address-guard.ts'
import type { CallbackRules } from '#domain/callback-rules.ts'

const PUBLIC = '93.184.215.14'
const rulesOf = (...allowedRanges: string[]): CallbackRules => ({
  ...{ code: 'CALLBACKS', allowedRanges, unregisteredLoopback: false },
})
const names =
  (...addresses: string[]): Resolve =>
  async () =>
    addresses.map(address => ({ address, family: address.includes(':') ? 6 : 4 }))
const find = (url: string, rules = rulesOf(), resolve = names(PUBLIC)) => findTarget(url, rules, { resolve })

test('a public name by https: exactly the address that was judged', async () => {
  const target = await find('https://bank.example:8443/cb?a=b')
  expect([target?.url.href, target?.pinned]).toEqual([
    'https://bank.example:8443/cb?a=b',
    { address: PUBLIC, family: 4 },
  ])
})

test.each([
  'http://bank.example/cb',
  'ftp://bank.example/',
  'file:///etc/passwd',
  'https:bank.example@10.0.0.1',
  'https://user@bank.example/',
  'https://user:secret@bank.example/',
  'https://bank.example/#fragment',
  'https://bank.example\\@10.0.0.1/',
  'https://bank.exa\tmple/',
  ' https://bank.example/',
  'https://bänk.example/',
  'https://bank.example/\u202e',
  'https://',
  '//bank.example/',
  'bank.example',
  '',
  `https://bank.example/${'x'.repeat(2048)}`,
])('refused as written: %j', async url => {
  expect(await find(url)).toBeUndefined()
})

describe.each([
  ['private', '10.1.2.3', '172.16.0.1', '172.31.255.255', '192.168.1.1', 'fc00::1', 'fd12:3456::1'],
  ['loopback', '127.0.0.1', '127.255.255.254', '::1'],
  ['unspecified', '0.0.0.0', '0.1.2.3', '::'],
  ['link-local and cloud metadata', '169.254.169.254', 'fe80::1', 'fe80::1%2', 'fec0::1'],
  ['carrier NAT', '100.64.0.1', '100.127.255.255'],
  ['multicast, reserved, broadcast', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255', 'ff02::1'],
  ['benchmark and documentation', '198.18.0.1', '198.19.255.255', '192.0.2.1', '198.51.100.7', '203.0.113.9'],
  ['documentation v6', '2001:db8::1', '3fff::1', '2001:2::1'],
  ['protocol assignments', '192.0.0.8', '192.88.99.1'],
  ['IPv4 in IPv6', '::ffff:10.0.0.1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '::ffff:0:7f00:1'],
  ['NAT64', '64:ff9b::7f00:1', '64:ff9b::a00:1', '64:ff9b:1::1'],
  ['6to4 and Teredo', '2002:7f00:1::', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
])('%s', (_, ...addresses) => {
  test.each(addresses)('%s is refused, alone and among public ones', async address => {
    expect(await find('https://bank.example/', rulesOf(), names(address))).toBeUndefined()
    expect(await find('https://bank.example/', rulesOf(), names(PUBLIC, address))).toBeUndefined()
    if (!address.includes('%')) {
      const host = address.includes(':') ? `[${address}]` : address
      expect(await find(`https://${host}/`)).toBeUndefined()
    }
  })
})

test.each([
  '2130706433',
  '0x7f000001',
  '017700000001',
  '0177.0.0.1',
  '127.1',
  '0x7f.1',
  '127.0.0.1.',
  '%31%32%37.0.0.1',
])('a host written as %s is what it means', async host => {
  expect(await find(`https://${host}/`, rulesOf(), names('127.0.0.1'))).toBeUndefined()
  const target = await find(`http://${host}/`, rulesOf('127.0.0.0/8'), names('127.0.0.1'))
  expect(target?.pinned.address).toBe('127.0.0.1')
})

test.each([PUBLIC, '100.63.255.255', '100.128.0.1', '172.32.0.1', '9.255.255.255', '2606:2800:21f::1', '2a00:1450::1'])(
  '%s is public',
  async address => {
    expect((await find('https://bank.example/', rulesOf(), names(address)))?.pinned.address).toBe(address)
  },
)

test('ranges that the tenant lists may be called, by http too; nothing beside them', async () => {
  const rules = rulesOf('10.20.0.0/16', 'fd00::/8', 'nonsense', '10.0.0.0/99', '/8', '10.0.0.0')
  for (const address of ['10.20.255.1', 'fd00::5']) {
    expect((await find('http://bank.example/', rules, names(address)))?.pinned.address).toBe(address)
  }
  for (const addresses of [['10.21.0.1'], ['10.20.0.1', '10.21.0.1'], ['10.20.0.1', PUBLIC], ['127.0.0.1']]) {
    expect(await find('http://bank.example/', rules, names(...addresses))).toBeUndefined()
  }
})

test('an address that is not registered must be on loopback, whatever else is listed', async () => {
  const rules = rulesOf('127.0.0.0/8', '10.0.0.0/8')
  const strict = (address: string) =>
    findTarget('http://bank.example/', rules, { resolve: names(address), loopbackOnly: true })
  expect(await strict('127.0.0.1')).toBeDefined()
  expect(await strict('10.0.0.1')).toBeUndefined()
})

test('a name without an address is not called, and one that cannot be resolved is told apart', async () => {
  expect(await find('https://bank.example/', rulesOf(), names())).toBeUndefined()
  const failing = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
  await expect(find('https://bank.example/', rulesOf(), failing)).rejects.toThrow('no')
})
