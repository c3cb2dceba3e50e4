import { createSecretKey } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Place } from '#domain/ports/sealer.ts'
import { Fault } from '#domain/refusal.ts'
import { SystemRandom } from '#jobs/system-random.ts'
import { TenantSealer } from '#keys/sealer.ts'

const random = new SystemRandom()
const key = (fill: number) => createSecretKey(new Uint8Array(32).fill(fill))
const sealer = (tenant = 7, current = 1, fills = [1]) => {
  const keys = fills.map((fill, index) => ({ number: index + 1, key: key(fill) }))
  return new TenantSealer({ tenant, keys, current, random })
}
const seed: Place = { table: 'credential', column: 'secret', row: '96743' }
const text = Buffer.from('12345678901234567890')

describe('sealed values', () => {
  test('open where they were sealed', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (plain, row) => {
        const place = { ...seed, row }
        expect(Buffer.from(sealer().unseal(place, sealer().seal(place, plain)))).toEqual(Buffer.from(plain))
      }),
      { numRuns: 50 },
    )
  })

  test('have the documented form and never repeat', () => {
    const sealed = Buffer.from(sealer().seal(seed, text))
    expect(sealed[0]).toBe(1)
    expect(sealed.readUInt32BE(1)).toBe(1)
    expect(sealed.length).toBe(1 + 4 + 12 + text.length + 16)
    expect(sealed.includes(text)).toBe(false)
    expect(Buffer.from(sealer().seal(seed, text)).equals(sealed)).toBe(false)
  })

  test.each([
    ['row', { ...seed, row: '96744' }],
    ['column', { ...seed, column: 'settings' }],
    ['table', { ...seed, table: 'password' }],
    ['boundary between column and row', { ...seed, column: 'secret9', row: '6743' }],
    ['boundary between table and column', { ...seed, table: 'credentials', column: 'ecret' }],
  ])('H6: moved to another %s they are a Fault', (_, place) => {
    const sealed = sealer().seal(seed, text)
    expect(() => sealer().unseal(place, sealed)).toThrow(Fault)
  })

  test('H6: moved to another tenant they are a Fault, even under the same key', () => {
    const sealed = sealer(7).seal(seed, text)
    expect(() => sealer(8).unseal(seed, sealed)).toThrow(Fault)
    expect(() => sealer(7, 1, [9]).unseal(seed, sealed)).toThrow(Fault)
  })

  test('any changed or missing byte is a Fault, and its message shows nothing of the value', () => {
    const sealed = sealer(7, 1, [1, 1]).seal(seed, text)
    for (let at = 0; at < sealed.length; at++) {
      const changed = Uint8Array.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => sealer(7, 1, [1, 1]).unseal(seed, changed)).toThrow(Fault)
      expect(() => sealer().unseal(seed, sealed.subarray(0, at))).toThrow(Fault)
    }
    expect(() => sealer().unseal(seed, sealed.subarray(1))).toThrow(/^no sealed value in credential.secret of 96743$/)
  })

  test('the number of the key is authenticated: another key of equal bytes does not open', () => {
    const both = sealer(7, 2, [1, 1])
    const sealed = Buffer.from(both.seal(seed, text))
    sealed.writeUInt32BE(1, 1)
    expect(() => both.unseal(seed, sealed)).toThrow(Fault)
  })

  test('older keys still open, the current one seals', () => {
    const old = sealer(7, 1, [1]).seal(seed, text)
    const both = sealer(7, 2, [1, 2])
    expect(Buffer.from(both.unseal(seed, old))).toEqual(text)
    expect(Buffer.from(both.seal(seed, text)).readUInt32BE(1)).toBe(2)
    expect(() => sealer(7, 1, [1]).unseal(seed, both.seal(seed, text))).toThrow('no key 2')
  })

  test('too long a text is a Fault', () => {
    expect(() => sealer().seal(seed, new Uint8Array(1_048_577))).toThrow(Fault)
  })
})
