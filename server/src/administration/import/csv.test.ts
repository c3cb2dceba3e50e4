import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bytesOfBase32, bytesOfBase64, bytesOfHex, timeOf } from '#administration/import/cell-reading.ts'
import { readCsv } from '#administration/import/csv.ts'
import { Refusal } from '#domain/refusal.ts'

const SEED = '3132333435363738393031323334353637383930'
const read = (text: string) => readCsv(new TextEncoder().encode(text))

describe('the documented CSV', () => {
  test('columns in any order, any case, with a byte order mark, quotes, CRLF and empty lines', async () => {
    const { records, problems } = await read(
      `\uFEFFDigits,Serial,SEED_HEX,type,manufacturer,expiry\r\n8,A-1,${SEED},hotp,"Acme, ""the"" maker",2030-01-01\r\n\r\n,A-2,${SEED},totp,,\r\n`,
    )
    expect(problems).toEqual([])
    expect(records).toMatchObject([
      { row: 2, serial: 'A-1', slot: 1, digits: 8, algorithm: 'HOTP', counter: 0, manufacturer: 'Acme, "the" maker' },
      { row: 4, serial: 'A-2', algorithm: 'TOTP', digits: 6, hash: 'SHA1', step_seconds: 30 },
    ])
    expect(records[0]?.expiry_at_ms).toBe(Date.UTC(2030, 0, 1))
  })

  test('slots are told or count up within a serial number', async () => {
    const { records } = await read(
      `serial,slot,algorithm,seed_base32,suite\nA,,TOTP,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,\nA,,OCRA,GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ,OCRA-1:HOTP-SHA256-8:QN08-T1M\nB,3,HOTP,gezdgnbvgy3tqojqgezdgnbvgy3tqojq,`,
    )
    expect(records.map(({ serial, slot }) => `${serial}-${slot}`)).toEqual(['A-1', 'A-2', 'B-3'])
    expect(records[1]).toMatchObject({ hash: 'SHA256', digits: 8, step_seconds: 60 })
    expect(new TextDecoder().decode(records[2]?.secret)).toBe('12345678901234567890')
  })

  test('every bad row is named with its line', async () => {
    const good = `S,HOTP,${SEED},6,0,SHA1,,2027-01-01,2028-01-01`
    const { records, problems } = await read(
      [
        'serial,algorithm,seed_hex,digits,counter,hash,suite,start,expiry',
        good,
        `,HOTP,${SEED},6,0,SHA1,,,`,
        `T1,MOTP,${SEED},6,0,SHA1,,,`,
        `T2,AI,${SEED},6,0,SHA1,,,`,
        `T3,HOTP,${SEED}0,6,0,SHA1,,,`,
        `T4,HOTP,${SEED},11,0,SHA1,,,`,
        `T5,HOTP,${SEED},6,1.5,SHA1,,,`,
        `T6,HOTP,${SEED},6,0,MD5,,,`,
        `T7,HOTP,${SEED},6,0,SHA1,,1/2/2027,`,
        `T8,HOTP,${SEED},6,0,SHA1,,2029-01-01,2028-01-01`,
        `T9,OCRA,${SEED},6,0,SHA1,OCRA-1:HOTP-SHA1-8:QN08,,`,
        'T10,HOTP,,6,0,SHA1,,,',
        `T11,HOTP,${SEED}`,
        'T12,HOTP,3132,6,0,SHA1,,,',
      ].join('\n'),
    )
    expect(records).toHaveLength(1)
    expect(problems.map(({ row, where, code }) => [row, where, code])).toEqual([
      [3, 'serial', 'serial'],
      [4, 'algorithm', 'algorithm_unknown'],
      [5, 'algorithm', 'algorithm_absent'],
      [6, 'seed_hex', 'secret_form'],
      [7, 'digits', 'out_of_bounds'],
      [8, 'counter', 'number'],
      [9, 'hash', 'hash'],
      [10, 'start', 'date'],
      [11, 'expiry', 'dates_in_wrong_order'],
      [12, 'suite', 'suite_differs'],
      [13, 'seed_hex', 'secret_missing'],
      [14, 'row', 'columns'],
      [15, 'secret', 'secret_length'],
    ])
  })

  test('a quoted field over two lines keeps the line numbers right', async () => {
    const { problems } = await read(`serial,algorithm,seed_hex,name\nA,HOTP,${SEED},"two\nlines"\nB,HOTP,zz,`)
    expect(problems).toMatchObject([{ row: 4, code: 'secret_form' }])
  })

  test.each([
    ['unknown column by name', `serial,algorithm,seed_hex,colour\nA,HOTP,${SEED},red`, /column colour is not known/],
    ['column twice', `serial,algorithm,seed_hex,type\nA,HOTP,${SEED},HOTP`, /algorithm is named twice/],
    ['no header', `A,HOTP,${SEED}`, /first line must name the columns/],
    ['no algorithm', `serial,seed_hex\nA,${SEED}`, /column algorithm is missing/],
    ['header only', 'serial,algorithm,seed_hex\n', /no row/],
    ['open quote', `serial,algorithm,seed_hex\nA,HOTP,"${SEED}`, /line 2 has a quote that is never closed/],
    ['quote inside', `serial,algorithm,seed_hex\nA,HO"TP,${SEED}`, /line 2 has a quote inside/],
    ['letters behind a quote', `serial,algorithm,seed_hex\nA,"HOTP"x,${SEED}`, /line 2 has letters after/],
    ['H2: long field', `serial,algorithm,seed_hex\nA,HOTP,${'a'.repeat(2000)}`, /line 2 has a field of more than 1024/],
    ['H2: many fields', `serial,algorithm,seed_hex\n${','.repeat(50)}`, /line 2 has more than 32 fields/],
  ])('%s is refused', async (_, text, sentence) => {
    await expect(read(text)).rejects.toThrow(sentence)
  })

  test('H2: more than 100,000 rows', async () => {
    await expect(read(`serial,algorithm,seed_hex\n${'a,b,c\n'.repeat(100_001)}`)).rejects.toThrow(
      /more than 100000 rows/,
    )
  })

  test('H1: a file without a header does not show its first line', async () => {
    for (const line of [`A,HOTP,${SEED}`, `serial,HOTP,${SEED}`, `serial,seed_hex,algorithm,${SEED}`]) {
      const refusal = await read(`${line}\nA,HOTP,${SEED},`).catch((error: unknown) => error)
      expect(refusal).toBeInstanceOf(Refusal)
      expect(String(refusal)).not.toContain(SEED)
    }
  })

  test('invalid UTF-8', async () => {
    await expect(readCsv(Uint8Array.of(0x73, 0xff, 0x2c))).rejects.toThrow(/UTF-8/)
  })

  test('property: any text gives a report or a Refusal', async () => {
    const word = fc.oneof(
      fc.constantFrom('serial', 'seed_hex', 'algorithm', ',', '"', '\n', '\r\n', '\r', SEED),
      fc.string(),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 30 }), async words => {
        try {
          await read(words.join(''))
        } catch (error) {
          expect(error).toBeInstanceOf(Refusal)
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('cells', () => {
  test('base32 of RFC 4648 section 10, and no second spelling of the same bytes', () => {
    const text = (letters: string) => new TextDecoder().decode(bytesOfBase32(letters))
    expect(['MY======', 'MZXQ====', 'MZXW6===', 'MZXW6YQ=', 'MZXW6YTB', 'mzxw6ytboi'].map(text)).toEqual([
      'f',
      'fo',
      'foo',
      'foob',
      'fooba',
      'foobar',
    ])
    for (const wrong of ['MZ', '', '=', 'M', 'M1======', 'MZXW6YTB=A']) expect(bytesOfBase32(wrong)).toBeUndefined()
  })

  test('hex and base64 are strict', () => {
    for (const wrong of ['', 'abc', 'zz', '0x12', 'a b ']) expect(bytesOfHex(wrong)).toBeUndefined()
    for (const wrong of ['', 'abc', 'ab=c', 'YR==', 'YQ', 'a-_=']) expect(bytesOfBase64(wrong)).toBeUndefined()
    expect(bytesOfBase64(' Y\nQ = = ')).toEqual(Uint8Array.of(97))
  })

  test('times with every zone form, and no 31 February', () => {
    expect(timeOf('2026-03-01T10:00:00Z')).toBe(Date.UTC(2026, 2, 1, 10))
    expect(timeOf('2026-03-01T10:00:00.250+0200')).toBe(Date.UTC(2026, 2, 1, 8, 0, 0, 250))
    expect(timeOf('2026-03-01T10:00:00-01:30')).toBe(Date.UTC(2026, 2, 1, 11, 30))
    expect(timeOf('2028-02-29')).toBe(Date.UTC(2028, 1, 29))
    for (const wrong of ['2026-02-31', '2026-13-01', '2026-00-10', '2026-01-01T24:00:00Z', 'now', '2026-1-1']) {
      expect(timeOf(wrong)).toBeUndefined()
    }
  })
})
