import { createDecipheriv, createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { HandleKind } from '#domain/ports/handles.ts'
import { Fault } from '#domain/refusal.ts'
import { SystemRandom } from '#jobs/system-random.ts'
import { type HandleKey, MaskedHandles } from '#keys/handles.ts'

const random = new SystemRandom()
const key = (number: number, fill = number): HandleKey => ({ number, bytes: new Uint8Array(16).fill(fill) })
const kinds: readonly HandleKind[] = ['access_token', 'refresh', 'code', 'request_uri', 'auth_req_id']
const handles = new MaskedHandles(random, key(1))
const leads = (reader: MaskedHandles, kind: HandleKind, text: string, made: { proof: Uint8Array }) => {
  const found = reader.read(kind, text)
  return found !== undefined && reader.sameProof(made.proof, found.proof)
}

describe('handles', () => {
  test('lead back to their row, for every kind and id', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), fc.maxSafeNat(), (kind, rowId) => {
        const { text, proof } = handles.make(kind, rowId)
        expect(text).toMatch(kind === 'request_uri' ? /^urn:hid:[0-9a-f-]{36}$/ : /^[A-Za-z0-9+/]{40}$/)
        const found = handles.read(kind, text)
        expect(found?.rowId).toBe(rowId)
        expect(handles.sameProof(proof, found?.proof ?? new Uint8Array())).toBe(true)
      }),
    )
    expect(handles.read('code', handles.make('code', Number.MAX_SAFE_INTEGER).text)?.rowId).toBe(
      Number.MAX_SAFE_INTEGER,
    )
  })

  test('have the documented form', () => {
    const { text, proof } = new MaskedHandles(random, key(0x13, 5)).make('access_token', 0x1234_5678_9abc)
    const bytes = Buffer.from(text, 'base64')
    expect(bytes.length).toBe(30)
    const cipher = createDecipheriv('aes-128-ecb', new Uint8Array(16).fill(5), null).setAutoPadding(false)
    const plain = cipher.update(bytes.subarray(0, 16))
    expect(plain.toString('hex').slice(0, 16)).toBe('1300123456789abc') // kind 1, low bits of key 0x13, row id
    const chance = Buffer.concat([plain.subarray(8), bytes.subarray(16)])
    const expected = createHash('sha256').update(Uint8Array.of(1)).update(chance).digest()
    expect(Buffer.from(proof)).toEqual(expected)
  })

  test('two handles of one row have nothing in common', () => {
    const texts = Array.from({ length: 1000 }, () => handles.make('access_token', 1).text)
    expect(new Set(texts.map(text => text.slice(0, 21))).size).toBe(1000)
    expect(new Set(texts.map(text => text.slice(22))).size).toBe(1000)
  })

  test('H4: a handle of one kind is none of another', () => {
    for (const made of kinds) {
      const handle = handles.make(made, 42)
      for (const kind of kinds) expect(leads(handles, kind, handle.text, handle)).toBe(kind === made)
    }
  })

  test('no flipped bit leads to the row', () => {
    const handle = handles.make('access_token', 42)
    const bytes = Buffer.from(handle.text, 'base64')
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const changed = Buffer.from(bytes)
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(leads(handles, 'access_token', changed.toString('base64'), handle)).toBe(false)
    }
    const uri = handles.make('request_uri', 42)
    for (const digit of [8, 20, 40]) {
      const other = uri.text[digit] === '0' ? '1' : '0'
      expect(leads(handles, 'request_uri', uri.text.slice(0, digit) + other + uri.text.slice(digit + 1), uri)).toBe(
        false,
      )
    }
  })

  test('H2: whatever is no handle is undefined, never an error', () => {
    const good = handles.make('access_token', 42).text
    const uri = handles.make('request_uri', 42).text
    const malformed = [
      '',
      'a',
      good.slice(1),
      `${good}=`,
      `${good}A`,
      `${good}\n`,
      good.replace(/.$/, '-'),
      'é'.repeat(40),
    ]
    for (const text of [...malformed, 'A'.repeat(1_000_000)]) expect(handles.read('access_token', text)).toBeUndefined()
    for (const text of [uri.toUpperCase(), uri.slice(8), `${uri}0`, ` ${uri}`, good]) {
      expect(handles.read('request_uri', text)).toBeUndefined()
    }
    fc.assert(fc.property(fc.constantFrom(...kinds), fc.string(), (kind, text) => !handles.read(kind, text)))
  })

  test('O7: the handles of another epoch lead nowhere', () => {
    const other = new MaskedHandles(random, key(1, 77))
    for (let n = 0; n < 2000; n++) {
      const handle = handles.make('access_token', 42)
      expect(leads(other, 'access_token', handle.text, handle)).toBe(false)
    }
  })

  test('after a rotation the previous key is read and the next one makes', () => {
    const book = new MaskedHandles(random, key(15))
    const old = book.make('code', 5)
    book.replace(key(16), [key(15)])
    expect(leads(book, 'code', old.text, old)).toBe(true)
    const fresh = book.make('code', 6)
    expect(leads(new MaskedHandles(random, key(15)), 'code', fresh.text, fresh)).toBe(false)
    book.replace(key(17), [key(16)])
    expect(leads(book, 'code', old.text, old)).toBe(false)
  })

  test('only whole row ids make a handle', () => {
    for (const rowId of [-1, 1.5, Number.NaN, 2 ** 53]) expect(() => handles.make('code', rowId)).toThrow(Fault)
  })

  test('proofs of other lengths are not equal', () => {
    expect(handles.sameProof(new Uint8Array(32), new Uint8Array(31))).toBe(false)
    expect(handles.sameProof(new Uint8Array(32), new Uint8Array(32))).toBe(true)
  })
})
