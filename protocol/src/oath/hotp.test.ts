/** HOTP against RFC 4226 appendix D and against two foreign implementations: otplib and Debian's oathtool. */
import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import otplib from 'otplib'
import { describe, expect, it } from 'vitest'
import type { Hmac } from './hmac.ts'
import { hotp } from './hotp.ts'
import { truncate } from './truncate.ts'

const hmac: Hmac = (algorithm, key, data) => createHmac(algorithm, key).update(data).digest()
const vectors = JSON.parse(readFileSync(new URL('../../../vectors/rfc4226.json', import.meta.url), 'utf8'))
const key = Buffer.from(vectors.key, 'hex')
const tokens = fc.record({
  key: fc.uint8Array({ minLength: 20, maxLength: 64 }),
  counter: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  digits: fc.constantFrom(6, 7, 8),
})

describe('RFC 4226 appendix D', () => {
  it.each<{ counter: number; hmac: string; truncated: number; code: string }>(vectors.cases)(
    'counter $counter',
    one => {
      const message = Buffer.alloc(8)
      message.writeUInt32BE(one.counter, 4)
      const mac = hmac('SHA1', key, message)
      expect(mac.toString()).toBe(Buffer.from(one.hmac, 'hex').toString())
      expect(truncate(mac, 10)).toBe(String(one.truncated).padStart(10, '0'))
      expect(hotp(hmac, key, one.counter, vectors.digits)).toBe(one.code)
    },
  )

  it('is one case per row of the table', () => expect(vectors.cases).toHaveLength(10))
})

describe('hotp', () => {
  it('computes what otplib computes', () => {
    // otplib reads counters through a number of 32 bits.
    const small = tokens.map(token => ({ ...token, counter: token.counter % 2 ** 31 }))
    const check = (token: { key: Uint8Array; counter: number; digits: number }) => {
      const other = otplib.hotp.clone({ digits: token.digits, encoding: 'hex' as never })
      const theirs = other.generate(Buffer.from(token.key).toString('hex'), token.counter)
      expect(hotp(hmac, token.key, token.counter, token.digits)).toBe(theirs)
    }
    fc.assert(fc.property(small, check))
  })

  const absent = !isInstalled()
  it.skipIf(absent && !process.env.CI)('computes what oathtool computes', () => {
    const check = (token: { key: Uint8Array; counter: number; digits: number }) => {
      const seed = Buffer.from(token.key).toString('hex')
      const theirs = execFileSync('oathtool', [
        '--hotp',
        `--digits=${token.digits}`,
        `--counter=${token.counter}`,
        seed,
      ])
      expect(hotp(hmac, token.key, token.counter, token.digits)).toBe(theirs.toString().trim())
    }
    fc.assert(fc.property(tokens, check), { numRuns: 30 })
  })

  it('has always the digits asked for, leading zeros included', () => {
    const digits = fc.constantFrom(4, 5, 6, 7, 8, 9, 10)
    fc.assert(
      fc.property(tokens, digits, (token, count) => {
        expect(hotp(hmac, token.key, token.counter, count, 'SHA512')).toMatch(new RegExp(`^[0-9]{${count}}$`))
      }),
    )
  })

  it.each([-1, 0.5, 2 ** 53, Number.NaN])('takes no counter %s', counter => {
    expect(() => hotp(hmac, key, counter, 6)).toThrow(RangeError)
  })
})

function isInstalled(): boolean {
  try {
    return execFileSync('oathtool', ['--version'], { stdio: 'pipe' }).length > 0
  } catch {
    return false
  }
}
