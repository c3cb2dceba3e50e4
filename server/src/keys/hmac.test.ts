import { createHmac } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type HashName, hmac } from '#keys/hmac.ts'

/** RFC 4231 section 4.3 and 4.7 (a key longer than the block), RFC 2202 section 3. */
const vectors: readonly [HashName, Uint8Array, string, string][] = [
  [
    'SHA256',
    Buffer.from('Jefe'),
    'what do ya want for nothing?',
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  ],
  [
    'SHA256',
    Buffer.alloc(131, 0xaa),
    'Test Using Larger Than Block-Size Key - Hash Key First',
    '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
  ],
  ['SHA1', Buffer.from('Jefe'), 'what do ya want for nothing?', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
]

test.each(vectors)('%s gives what its RFC says', (algorithm, key, text, expected) => {
  expect(Buffer.from(hmac(algorithm, key, Buffer.from(text))).toString('hex')).toBe(expected)
})

test('for any key and message it is what the Hmac object gives', () => {
  fc.assert(
    fc.property(
      fc.constantFrom<HashName>('SHA1', 'SHA256', 'SHA512'),
      fc.uint8Array({ maxLength: 200 }),
      fc.uint8Array({ maxLength: 300 }),
      (algorithm, key, data) => {
        const expected = createHmac(algorithm.toLowerCase(), key).update(data).digest()
        return expected.equals(hmac(algorithm, key, data))
      },
    ),
  )
})
