import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { selfSigned } from '#keys/certificate.ts'
import { der } from '#keys/der.ts'

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

describe('DER', () => {
  test.each([
    [der.integer(0), '020100'],
    [der.integer(127), '02017f'],
    [der.integer(128), '02020080'],
    [der.integer(256), '02020100'],
    [der.oid('1.2.840.113549'), '06062a864886f70d'], // X.690 section 8.19 with the RSADSI arc
    [der.oid('2.5.29.15'), '0603551d0f'],
    [der.utf8('é'), '0c02c3a9'],
    [der.boolean(true), '0101ff'],
    [der.nothing(), '0500'],
    [der.bits(Uint8Array.of(0x80), 7), '03020780'],
    [der.explicit(3, der.nothing()), 'a3020500'],
    [der.octets(new Uint8Array(200)).subarray(0, 3), '0481c8'],
    [der.octets(new Uint8Array(300)).subarray(0, 4), '0482012c'],
    [der.time(Date.UTC(2026, 0, 2, 3, 4, 5)), '170d3236303130323033303430355a'],
    [der.time(Date.UTC(2050, 0, 1)), '180f32303530303130313030303030305a'],
  ])('%#: %o', (bytes, expected) => {
    expect(hex(bytes)).toBe(expected)
  })
})

test('a self-signed certificate is read by OpenSSL, verifies, names its subject and is no authority', async () => {
  const made_at = Date.UTC(2026, 1, 3, 4, 5, 6, 789)
  const certificate = new X509Certificate(
    await selfSigned({ privateKey, subject: 'IDP Signature of tenant 7', made_at }),
  )
  expect(certificate.subject).toBe('CN=IDP Signature of tenant 7')
  expect(certificate.issuer).toBe(certificate.subject)
  expect(certificate.verify(publicKey)).toBe(true)
  expect(certificate.checkIssued(certificate)).toBe(false) // key usage allows no issuing
  expect(certificate.ca).toBe(false)
  expect(Number.parseInt(certificate.serialNumber, 16)).toBe(made_at)
  expect(new Date(certificate.validFrom).toISOString()).toBe('2026-02-03T04:05:06.000Z')
  expect(new Date(certificate.validTo).toISOString()).toBe('2031-02-03T04:05:06.000Z')
  expect(certificate.publicKey.equals(publicKey)).toBe(true)
})
