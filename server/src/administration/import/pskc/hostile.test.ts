/** Strangers' bytes: whatever they are, the answer is a report or a Refusal, within bounds, and repeats no secret. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readPskc } from '#administration/import/pskc/read-pskc.ts'
import { readImportFile } from '#administration/import/read-file.ts'
import { Refusal } from '#domain/refusal.ts'

const KEY = '12345678901234567890123456789012'
const opening = { encryptionKey: KEY, allowMissingMac: false }
const bytes = (text: string) => new TextEncoder().encode(text)
const vector = (name: string) =>
  readFileSync(new URL(`../../../../../vectors/rfc6030/${name}`, import.meta.url)).toString('utf8')
const NAMESPACE = 'xmlns="urn:ietf:params:xml:ns:keyprov:pskc"'

async function refusalOf(work: Promise<unknown>): Promise<Refusal> {
  const error = await work.then(
    () => undefined,
    (problem: unknown) => problem,
  )
  expect(error).toBeInstanceOf(Refusal)
  return error as Refusal
}

describe('H2: XML attacks are refused before they are parsed', () => {
  const laughs = Array.from({ length: 10 }, (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`).join('')
  test.each([
    ['billion laughs', `<?xml version="1.0"?><!DOCTYPE k [<!ENTITY l0 "ha">${laughs}]><k>&l10;</k>`],
    [
      'external entity',
      `<!DOCTYPE k [<!ENTITY x SYSTEM "file:///etc/passwd">]><KeyContainer ${NAMESPACE}>&x;</KeyContainer>`,
    ],
    ['external DTD', `<!DOCTYPE k SYSTEM "http://127.0.0.1/k.dtd"><KeyContainer ${NAMESPACE}/>`],
    ['DOCTYPE in lower case', `<!doctype k><KeyContainer ${NAMESPACE}/>`],
    ['entity declaration inside', `<KeyContainer ${NAMESPACE}><!ENTITY a "b"></KeyContainer>`],
    ['unknown entity', `<KeyContainer Version="1.0" ${NAMESPACE}><Extensions>&boom;</Extensions></KeyContainer>`],
    ['other encoding', `<?xml version="1.0" encoding="UTF-16"?><KeyContainer ${NAMESPACE}></KeyContainer>`],
    ['undeclared prefix', `<p:KeyContainer Version="1.0"></p:KeyContainer>`],
    ['two roots', `<KeyContainer ${NAMESPACE}></KeyContainer><KeyContainer ${NAMESPACE}></KeyContainer>`],
    ['depth', `<KeyContainer ${NAMESPACE}>${'<a>'.repeat(40)}${'</a>'.repeat(40)}</KeyContainer>`],
    ['cut off', `<KeyContainer Version="1.0" ${NAMESPACE}><KeyPackage><Key Id="`],
    ['wrong root namespace', '<KeyContainer Version="1.0" xmlns="urn:x"><KeyPackage/></KeyContainer>'],
  ])('%s', async (_, xml) => {
    expect((await refusalOf(readPskc(bytes(xml), opening))).code).toMatch(/^invalid_request$/)
  })

  test('UTF-16 cannot hide a document type', async () => {
    const xml = Buffer.from('\uFEFF<!DOCTYPE k><k/>', 'utf16le')
    expect((await refusalOf(readImportFile({ content: xml }))).code).toBe('invalid_request')
    expect((await refusalOf(readPskc(xml, opening))).code).toBe('invalid_request')
  })
})

describe('H2: sizes', () => {
  test('17 MB', async () => {
    const content = new Uint8Array(17 * 1024 * 1024).fill(32)
    expect((await refusalOf(readImportFile({ content }))).code).toBe('too_large')
    expect((await refusalOf(readPskc(content, opening))).code).toBe('too_large')
  })

  test.each([
    [
      'one key package',
      `<KeyContainer Version="1.0" ${NAMESPACE}><KeyPackage>${' '.repeat(300_000)}</KeyPackage></KeyContainer>`,
    ],
    ['the root tag', `<KeyContainer Version="1.0" ${NAMESPACE} a="${'b'.repeat(20_000)}"></KeyContainer>`],
    ['count of tags', `<KeyContainer Version="1.0" ${NAMESPACE}>${'<a/>'.repeat(1_200_001)}</KeyContainer>`],
    [
      'count of keys',
      `<KeyContainer Version="1.0" ${NAMESPACE}>${`<KeyPackage>${'<Key/>'.repeat(1001)}</KeyPackage>`.repeat(20)}</KeyContainer>`,
    ],
  ])('%s', async (_, xml) => {
    expect((await refusalOf(readPskc(bytes(xml), opening))).code).toBe('too_large')
  })
})

describe('property: only reports and Refusals', () => {
  const seeds = ['figure-3.xml', 'figure-6.xml', 'figure-7.xml', 'figure-10.xml', 'totp-ocra.xml'].map(vector)
  const pieces = [
    '<',
    '>',
    '"',
    '&',
    '&amp;',
    '<!--',
    '-->',
    ']]>',
    '<![CDATA[',
    '</Key>',
    '<Key>',
    '\u0000',
    '<?',
    '=',
    "'",
    'x:',
  ]

  async function survives(content: Uint8Array): Promise<void> {
    try {
      const { records, problems } = await readImportFile({ content, encryptionKey: KEY })
      expect(records.length + problems.length).toBeLessThanOrEqual(20_000)
    } catch (error) {
      expect(error).toBeInstanceOf(Refusal)
    }
  }

  test('random bytes', async () => {
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), survives), { numRuns: 300 })
  })

  test('files with pieces put in, taken out and doubled', async () => {
    const place = fc.double({ min: 0, max: 1, noNaN: true })
    const cut = fc.record({
      at: place,
      drop: fc.nat(60),
      put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 8 })),
    })
    const mutated = fc.record({ seed: fc.constantFrom(...seeds), cuts: fc.array(cut, { minLength: 1, maxLength: 4 }) })
    await fc.assert(
      fc.asyncProperty(mutated, ({ seed, cuts }) => {
        const text = cuts.reduce((so, { at, drop, put }) => {
          const index = Math.floor(at * so.length)
          return so.slice(0, index) + put + so.slice(index + drop)
        }, seed)
        return survives(bytes(text))
      }),
      { numRuns: 400 },
    )
  })
})

test('H1: neither problems nor refusals repeat a secret, a key or a pass phrase', async () => {
  const secret = 'UExBTlRFRC1TRUNSRVQtU0VFRA=='
  const base = vector('figure-3.xml').replace('MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=', secret)
  const broken = [
    base.replace('==</PlainValue>', '=</PlainValue>'),
    base.replace('Length="8"', `Length="${secret}"`),
    base.replace('<PlainValue>0<', `<PlainValue>${secret}<`),
    base.replace('987654321', `${secret} ${secret}`),
    base.replace('</Secret>', '</Secret'),
    base.replace('</Secret>', `<${secret}>`),
    base.replace('Version="1.0"', `Version="${secret}"`),
    base.replace(':hotp"', `:${secret}"`),
    vector('figure-6.xml').replace('aes128-cbc', secret),
    secret,
    `serial,seed_hex,${secret}\n1,2,3`,
    `serial,algorithm,seed_hex\n1,HOTP,${secret}`,
    `serial,algorithm,seed_hex\n${secret},${secret},${secret}`,
    `serial,algorithm,seed_hex,digits\n1,HOTP,${'ab'.repeat(20)},${secret}`,
  ]
  for (const text of broken) {
    const told = await readImportFile({ content: bytes(text), encryptionKey: 'PLANTED-PASS-PHRASE' }).then(
      report => {
        expect(report.problems.length, text).toBeGreaterThan(0)
        return JSON.stringify(report.problems)
      },
      (error: Refusal) => `${error.message} ${error.hint} ${error.reason} ${error.stack} ${JSON.stringify(error)}`,
    )
    expect(told).not.toContain(secret.slice(0, 10))
    expect(told).not.toContain('PLANTED')
  }
})
