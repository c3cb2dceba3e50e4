import { createHmac, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { EventMac } from '#audit/event-mac.ts'

test('is HMAC-SHA256 over run, number and leaf', () => {
  for (const length of [0, 16, 32, 64]) {
    const key = randomBytes(length)
    const leaf = randomBytes(32)
    const numbers = Buffer.alloc(16)
    numbers.writeBigUInt64BE(1_795_303_028_128n, 0)
    numbers.writeBigUInt64BE(77n, 8)
    const expected = createHmac('sha256', key).update(numbers).update(leaf).digest()
    expect(new EventMac(key).of(1_795_303_028_128, 77, leaf)).toEqual(expected)
  }
})
