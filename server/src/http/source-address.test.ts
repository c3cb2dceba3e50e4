import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalAddress } from './address-ranges.ts'
import { sourceAddress } from './source-address.ts'

describe('R3: the source of a request', () => {
  const source = sourceAddress(['10.0.0.0/8', '2001:db8::/32', '192.0.2.7'])

  it.each([
    ['203.0.113.9', '198.51.100.1', '203.0.113.9'],
    ['10.1.1.1', undefined, '10.1.1.1'],
    ['10.1.1.1', '198.51.100.1', '198.51.100.1'],
    ['::ffff:10.1.1.1', ' 198.51.100.1 ', '198.51.100.1'],
    ['10.1.1.1', '198.51.100.1, 192.0.2.7', '198.51.100.1'],
    ['10.1.1.1', '1.1.1.1, 198.51.100.1', '198.51.100.1'],
    ['10.1.1.1', '10.2.2.2, 10.3.3.3', '10.2.2.2'],
    ['2001:db8::5', '2001:DB9:0::1', '2001:db9::1'],
    [undefined, '198.51.100.1', 'unknown'],
    ['', '198.51.100.1', 'unknown'],
  ])('peer %s, header %s: %s', (peer, forwarded, expected) => {
    expect(source(peer, forwarded)).toBe(expected)
  })

  it.each([
    '',
    ',',
    'unknown',
    '198.51.100.1:80',
    '[2001:db9::1]',
    'fe80::1%eth0',
    '198.51.100.1,,10.0.0.1',
    '198.51.100.1, x',
    '127.1',
    '0x7f.0.0.1',
    '198.051.100.1',
    "' or 1=1 --",
    Array.from({ length: 17 }, () => '198.51.100.1').join(','),
    '198.51.100.1,'.repeat(200),
  ])('an unreadable header changes nothing: %s', header => {
    expect(source('10.1.1.1', header)).toBe('10.1.1.1')
  })

  it('property: no header throws, and none is believed from a stranger', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), header => {
        const behind = source('10.1.1.1', header)
        expect(canonicalAddress(behind)).toBe(behind)
        expect(source('203.0.113.9', header)).toBe('203.0.113.9')
      }),
    )
  })

  it.each(['proxy', '10.0.0.0/33', '10.0.0.0/', '10.0.0.0/-1', '::/129', ''])('start fails on the proxy %s', entry => {
    expect(() => sourceAddress([entry])).toThrow(RangeError)
  })
})
