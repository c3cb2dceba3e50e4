/** What a scanned or pasted text is taken for; and that links of strangers are nothing. */
import { describe, expect, it } from 'vitest'
import { readScanned } from '../approve/scan/scanned-text.ts'

const invite = JSON.stringify({
  ver: 'v8',
  url: 'id.example.com/bank',
  uid: 'alice',
  did: '1',
  dty: 'DT',
  dir: '2',
  sec: '',
  pss: 'QUJD',
})
const link = (name: string, text: string) =>
  `https://approve.example/#${name}=${Buffer.from(text).toString('base64url')}`
const jwt = 'eyJhbGciOiJFUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl'

describe('taken', () => {
  it.each([
    ['PROV_MSG', invite, { kind: 'invitation', text: invite }],
    ['PROV_MSG with blanks around it', `\n ${invite} \n`, { kind: 'invitation', text: invite }],
    ['a link with PROV_MSG', link('invite', invite), { kind: 'invitation', text: invite }],
    [
      'only what stands after #',
      `#invite=${Buffer.from(invite).toString('base64url')}`,
      { kind: 'invitation', text: invite },
    ],
    [
      'an offline invitation',
      'otpauth://totp/a:b?secret=JBSWY3DP',
      { kind: 'invitation', text: 'otpauth://totp/a:b?secret=JBSWY3DP' },
    ],
    ['a request', jwt, { kind: 'request', jwt }],
    ['a link with a request', `https://approve.example/#scan=${jwt}`, { kind: 'request', jwt }],
  ])('%s', (_, text, expected) => {
    expect(readScanned(text)).toEqual(expected)
  })
})

describe('not taken', () => {
  it.each([
    ['nothing', ''],
    ['a page', 'https://example.com/'],
    ['JSON of another kind', '{"ver":"v8"}'],
    ['an older invitation', invite.replace('v8', 'v7')],
    ['a link with something else inside', link('invite', 'javascript:alert(1)')],
    ['a link that is not base64url', 'https://approve.example/#invite=%%%'],
    ['bytes that are no UTF-8', 'https://approve.example/#invite=_w'],
    ['a request that is no JWS', 'https://approve.example/#scan=abc'],
    ['counters', 'otpauth://hotp/a:b?secret=JBSWY3DP'],
    ['something endless', 'a'.repeat(100_000)],
  ])('%s', (_, text) => {
    expect(readScanned(text)).toEqual({ kind: 'unknown' })
  })
})
