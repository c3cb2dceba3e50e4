import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { readPskc } from '#administration/import/pskc/read-pskc.ts'

const SECRET = '12345678901234567890'
const KEY = '12345678901234567890123456789012'
const vector = (name: string) => readFileSync(new URL(`../../../../../vectors/rfc6030/${name}`, import.meta.url))
const bytes = (text: string) => new TextEncoder().encode(text)
const read = (content: Uint8Array | string, encryptionKey?: string, allowMissingMac = false) =>
  readPskc(typeof content === 'string' ? bytes(content) : content, { encryptionKey, allowMissingMac })
const secretText = (record: { secret: Uint8Array } | undefined) => new TextDecoder().decode(record?.secret)

describe('figures of RFC 6030', () => {
  test('figure 2: a short secret without digits is named, not guessed', async () => {
    const { records, problems } = await read(vector('figure-2.xml'))
    expect(records).toEqual([])
    expect(problems).toMatchObject([{ row: 1, code: 'digits_missing' }])
  })

  test('figure 3: plain HOTP key', async () => {
    const { records, problems } = await read(vector('figure-3.xml'))
    expect(problems).toEqual([])
    expect(records).toEqual([
      {
        row: 1,
        serial: '987654321',
        slot: 1,
        manufacturer: 'Manufacturer',
        algorithm: 'HOTP',
        hash: 'SHA1',
        digits: 8,
        secret: bytes(SECRET),
        counter: 0,
      },
    ])
  })

  test('figure 5: a PIN that the token checks is fine, the PIN itself is no device', async () => {
    const { records, problems } = await read(vector('figure-5.xml'))
    expect(problems).toEqual([])
    expect(records.map(record => record.slot)).toEqual([1])
  })

  test.each([KEY, `hex:${KEY}`, 'base64:EjRWeJASNFZ4kBI0VniQEg=='])(
    'figure 6: agreed key, given as %s',
    async given => {
      const { records, problems } = await read(vector('figure-6.xml'), given)
      expect(problems).toEqual([])
      expect(records.map(secretText)).toEqual([SECRET])
    },
  )

  test('figure 7: pass phrase', async () => {
    const { records, problems } = await read(vector('figure-7.xml'), 'qwerty')
    expect(problems).toEqual([])
    expect(records.map(secretText)).toEqual([SECRET])
  })

  test('figure 10: packages of one serial number are one token with two slots', async () => {
    const { records, problems } = await read(vector('figure-10.xml'))
    expect(problems).toEqual([])
    expect(records.map(({ serial, slot }) => `${serial}-${slot}`)).toEqual([
      '654321-1',
      '123456-1',
      '9999999-1',
      '9999999-2',
    ])
    expect(records[2]).toMatchObject({ start_at_ms: Date.UTC(2006, 2, 1), expiry_at_ms: Date.UTC(2006, 2, 31) })
  })
})

test('time step, drift, hash, suite, the narrower date and an entity in a name', async () => {
  const { records, problems } = await read(vector('totp-ocra.xml'))
  expect(problems).toEqual([])
  expect(records).toMatchObject([
    {
      algorithm: 'TOTP',
      hash: 'SHA256',
      digits: 8,
      step_seconds: 60,
      drift_steps: -4,
      friendlyName: 'Blue & small',
      expiry_at_ms: Date.UTC(2030, 5, 1),
    },
    { slot: 2, algorithm: 'OCRA', suite: 'OCRA-1:HOTP-SHA1-6:QN08', digits: 6, counter: 0 },
  ])
})

const NAMES =
  'xmlns="urn:ietf:params:xml:ns:keyprov:pskc" xmlns:ds="http://www.w3.org/2000/09/xmldsig#" xmlns:x="http://www.w3.org/2001/04/xmlenc#"'
const data = (inside: string) => `<Data>${inside}</Data>`
const plainSecret = '<Secret><PlainValue>MTIzNDU2Nzg5MDEyMzQ1Njc4OTA=</PlainValue></Secret>'
const format = '<AlgorithmParameters><ResponseFormat Length="6" Encoding="DECIMAL"/></AlgorithmParameters>'
const key = (inside: string, algorithm = 'hotp') =>
  `<KeyPackage><DeviceInfo><SerialNo>S1</SerialNo></DeviceInfo><Key Id="k" Algorithm="urn:ietf:params:xml:ns:keyprov:pskc:${algorithm}">${inside}</Key></KeyPackage>`
const container = (inside: string, head = '') => `<KeyContainer Version="1.0" ${NAMES}>${head}${inside}</KeyContainer>`

describe('what cannot be used is a problem with its place', () => {
  test.each([
    ['key_missing', key(`${format}${data(encrypted('aes128-cbc', Buffer.alloc(32)))}`)],
    ['algorithm_unknown', key(`${format}${data(plainSecret)}`, 'motp')],
    ['suite', key(`${format}${data(plainSecret)}`, 'ocra')],
    ['policy', key(`${format}${data(plainSecret)}<Policy><NumberOfTransactions>9</NumberOfTransactions></Policy>`)],
    ['pin_policy', key(`${format}${data(plainSecret)}<Policy><PINPolicy PINUsageMode="Append"/></Policy>`)],
    ['key_usage', key(`${format}${data(plainSecret)}<Policy><KeyUsage>Encrypt</KeyUsage></Policy>`)],
    ['secret_missing', key(`${format}${data('')}`)],
    ['base64', key(`${format}${data('<Secret><PlainValue>MTIz*</PlainValue></Secret>')}`)],
    ['number', key(`${format}${data(`${plainSecret}<Counter><PlainValue>1e3</PlainValue></Counter>`)}`)],
    ['out_of_bounds', key(`${format}${data(`${plainSecret}<Counter><PlainValue>-1</PlainValue></Counter>`)}`)],
    ['date', key(`${format}${data(plainSecret)}<Policy><StartDate>2026-02-30T00:00:00Z</StartDate></Policy>`)],
  ])('%s', async (code, xml) => {
    const { records, problems } = await read(container(xml))
    expect(records).toEqual([])
    expect(problems).toMatchObject([{ row: 1, code }])
  })

  test('the same key twice', async () => {
    const one = key(`${format}${data(plainSecret)}`)
    expect((await read(container(one + one))).problems).toMatchObject([{ row: 2, code: 'duplicate' }])
  })

  test('a suite that asks for a PIN', async () => {
    const suite = '<AlgorithmParameters><Suite>OCRA-1:HOTP-SHA1-6:C-QN08-PSHA1</Suite></AlgorithmParameters>'
    const { problems } = await read(container(key(`${suite}${data(plainSecret)}`, 'ocra')))
    expect(problems).toMatchObject([{ code: 'suite_input' }])
  })
})

function encrypted(cipher: string, sealed: Uint8Array, mac = '', space = 'http://www.w3.org/2001/04/xmlenc#'): string {
  const text = Buffer.from(sealed).toString('base64')
  return `<Secret><EncryptedValue><x:EncryptionMethod Algorithm="${space}${cipher}"/><x:CipherData><x:CipherValue>${text}</x:CipherValue></x:CipherData></EncryptedValue>${mac}</Secret>`
}

function cbc(keyBytes: Uint8Array, plain: Uint8Array): Buffer {
  const iv = Buffer.alloc(16, 7)
  const cipher = createCipheriv(`aes-${keyBytes.length * 8}-cbc`, keyBytes, iv)
  return Buffer.concat([iv, cipher.update(plain), cipher.final()])
}

describe('encryption', () => {
  const aes256 = Buffer.alloc(32, 9)
  const sealed = cbc(aes256, bytes(SECRET))
  const method = '<MACMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/>'
  const mac = `<ValueMAC>${createHmac('sha256', aes256).update(sealed).digest('base64')}</ValueMAC>`

  test('AES-256-CBC, HMAC-SHA256 under the encryption key itself', async () => {
    const xml = container(key(`${format}${data(encrypted('aes256-cbc', sealed, mac))}`), method)
    expect((await read(xml, aes256.toString('hex'))).records.map(secretText)).toEqual([SECRET])
  })

  test('an encrypted counter is big-endian', async () => {
    const number = Buffer.alloc(8)
    number.writeBigInt64BE(77n)
    const value = cbc(aes256, number)
    const numberMac = `<ValueMAC>${createHmac('sha256', aes256).update(value).digest('base64')}</ValueMAC>`
    const counter = encrypted('aes256-cbc', value, numberMac).replaceAll('Secret>', 'Counter>')
    const xml = container(key(`${format}${data(encrypted('aes256-cbc', sealed, mac) + counter)}`), method)
    expect((await read(xml, aes256.toString('hex'))).records).toMatchObject([{ counter: 77 }])
  })

  test('AES-GCM and key wrap prove themselves', async () => {
    const nonce = Buffer.alloc(12, 3)
    const gcm = createCipheriv('aes-256-gcm', aes256, nonce)
    const body = Buffer.concat([nonce, gcm.update(SECRET), gcm.final(), gcm.getAuthTag()])
    const xml = container(
      key(`${format}${data(encrypted('aes256-gcm', body, '', 'http://www.w3.org/2009/xmlenc11#'))}`),
    )
    expect((await read(xml, aes256.toString('hex'))).records.map(secretText)).toEqual([SECRET])

    // RFC 3394 section 4.1: 128 bits of key data under a 128-bit key.
    const wrapped = Buffer.from('1FA68B0A8112B447AEF34BD8FB5A7B829D3E862371D2CFE5', 'hex')
    const other = container(key(`${format}${data(encrypted('kw-aes128', wrapped))}`))
    const { records } = await read(other, '000102030405060708090A0B0C0D0E0F')
    expect(Buffer.from(records[0]?.secret ?? []).toString('hex')).toBe('00112233445566778899aabbccddeeff')
  })

  test('CBC without a MAC is refused unless allowed', async () => {
    const xml = container(key(`${format}${data(encrypted('aes256-cbc', sealed))}`))
    expect((await read(xml, aes256.toString('hex'))).problems).toMatchObject([{ code: 'mac_missing' }])
    expect((await read(xml, aes256.toString('hex'), true)).records.map(secretText)).toEqual([SECRET])
  })

  test('a changed text, a changed MAC and a wrong padding get one answer', async () => {
    const flipped = Buffer.from(sealed)
    flipped[20] = (flipped[20] as number) ^ 1
    const cut = Buffer.from(sealed.subarray(0, 32))
    const cutMac = `<ValueMAC>${createHmac('sha256', aes256).update(cut).digest('base64')}</ValueMAC>`
    const answers = []
    for (const value of [
      encrypted('aes256-cbc', flipped, mac),
      encrypted('aes256-cbc', sealed, '<ValueMAC>AAAA</ValueMAC>'),
      encrypted('aes256-cbc', cut, cutMac),
    ]) {
      const xml = container(key(`${format}${data(value)}`), method)
      answers.push((await read(xml, aes256.toString('hex'))).problems)
    }
    expect(answers[0]).toMatchObject([{ code: 'not_opened', where: 'Data/Secret' }])
    expect(answers[1]).toEqual(answers[0])
    expect(answers[2]).toEqual(answers[0])
  })

  test('a wrong pass phrase or agreed key is told once for the file', async () => {
    await expect(read(vector('figure-7.xml'), 'qwertz')).rejects.toMatchObject({ code: 'invalid_value' })
    await expect(read(vector('figure-6.xml'), 'FF'.repeat(16))).rejects.toMatchObject({ code: 'invalid_value' })
    await expect(read(vector('figure-6.xml'), 'FF'.repeat(20))).rejects.toMatchObject({ code: 'invalid_value' })
  })

  test('triple DES, certificates and foreign MAC methods are not offered', async () => {
    const des = container(key(`${format}${data(encrypted('tripledes-cbc', sealed))}`))
    expect((await read(des, aes256.toString('hex'))).problems).toMatchObject([{ code: 'cipher' }])
    const body = key(`${format}${data(encrypted('aes256-cbc', sealed))}`)
    const x509 = container(body, '<EncryptionKey><ds:X509Data/></EncryptionKey>')
    await expect(read(x509, 'AA')).rejects.toMatchObject({ code: 'unsupported_value' })
    const md5 = container(body, '<MACMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-md5"/>')
    await expect(read(md5, 'AA')).rejects.toMatchObject({ code: 'unsupported_value' })
  })

  const derived = (rounds: number | string, prf = '<PRF/>') =>
    `<EncryptionKey><d:DerivedKey xmlns:d="http://www.w3.org/2009/xmlenc11#"><d:KeyDerivationMethod Algorithm="http://www.w3.org/2009/xmlenc11#pbkdf2"><d:PBKDF2-params><d:Salt><d:Specified>Ej7/PEpyEpw=</d:Specified></d:Salt><d:IterationCount>${rounds}</d:IterationCount><d:KeyLength>32</d:KeyLength>${prf}</d:PBKDF2-params></d:KeyDerivationMethod></d:DerivedKey></EncryptionKey>`

  test('PBKDF2 with HMAC-SHA256, in the namespace of XML Encryption 1.1', async () => {
    const made = pbkdf2Sync('ünlock', Buffer.from('Ej7/PEpyEpw=', 'base64'), 2000, 32, 'sha256')
    const value = encrypted('aes256-cbc', cbc(made, bytes(SECRET)))
    const prf = '<PRF Algorithm="http://www.w3.org/2001/04/xmldsig-more#hmac-sha256"/>'
    const xml = container(key(`${format}${data(value)}`), derived(2000, prf))
    expect((await read(xml, 'ünlock', true)).records.map(secretText)).toEqual([SECRET])
  })

  test.each([0, 1_000_001, '9'.repeat(30), '', 'x'])('H2: PBKDF2 with %s rounds is refused', async rounds => {
    const xml = container(key(`${format}${data(encrypted('aes256-cbc', sealed))}`), derived(rounds))
    await expect(read(xml, 'qwerty')).rejects.toMatchObject({ code: 'invalid_value' })
  })
})
