/** What an app takes for an invitation, and what it refuses before anybody is asked. */
import { describe, expect, it } from 'vitest'
import { isOtpauth, readInvitation, typedInvitation } from './invitation.ts'
import { readOtpauth } from './offline-activation.ts'

const root = 'A'.repeat(43)
const invite = {
  ver: 'v8',
  url: 'ID.Example.com:8443/demo',
  uid: 'alice',
  did: '11845',
  dty: 'DT_TDSV4',
  dir: '4711',
  sec: '',
  pss: Buffer.from('K7PWX3ANQ2').toString('base64'),
  cs: { root, cap: ['1'], rnd: Buffer.alloc(16, 7).toString('base64url') },
}
const text = (more: object = {}) => JSON.stringify({ ...invite, ...more })

describe('PROV_MSG', () => {
  it('is read with what only the QR has', () => {
    expect(readInvitation(text({ unknown: 1 }))).toMatchObject({
      method: 'qr',
      uid: 'alice',
      code: 'K7PWX3ANQ2',
      service: { name: 'id.example.com:8443/demo', root: 'https://id.example.com:8443/demo', tenant: 'demo' },
      dir: '4711',
      did: '11845',
      type: 'DT_TDSV4',
      root,
    })
  })

  it('without our member is as if typed: nothing of it goes into the transcript', () => {
    const { cs: _, ...plain } = invite
    expect(readInvitation(JSON.stringify(plain))).toMatchObject({ method: 'typed', dir: '', did: '' })
  })

  it.each([
    ['no JSON', 'otp'],
    ['another version', text({ ver: 'v9' })],
    ['no code', text({ pss: '' })],
    ['a code that is no base64', text({ pss: '*' })],
    ['a place that is no service', text({ url: 'https://evil.example/a/b' })],
    ['user information in front of the host', text({ url: 'good.example@evil.example/demo' })],
    ['a capability of the future', text({ cs: { ...invite.cs, cap: ['2'] } })],
    ['a root that is no thumbprint', text({ cs: { ...invite.cs, root: 'x' } })],
    ['five thousand characters', text({ pch: 'x'.repeat(5000) })],
  ])('refused: %s', (_, written) => {
    expect(() => readInvitation(written)).toThrow(expect.objectContaining({ code: 'invalid_invitation' }))
  })
})

describe('typed', () => {
  it('takes off what people paste along', () => {
    expect(typedInvitation({ uid: ' alice ', code: ' K7 ', service: 'https://id.example.com/demo/' })).toMatchObject({
      uid: 'alice',
      code: 'K7',
      service: { name: 'id.example.com/demo' },
    })
  })

  it.each(['', 'demo', 'id.example.com', 'id.example.com/a/b', 'a b/demo'])('is no service: %j', service => {
    expect(() => typedInvitation({ uid: 'a', code: 'b', service })).toThrow('host/tenant')
  })
})

describe('otpauth', () => {
  const uri =
    'otpauth://totp/Demo%20Bank:alice%40bank.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Demo%20Bank'

  it('is read with its defaults', () => {
    expect(isOtpauth(uri)).toBe(true)
    expect(readOtpauth(uri)).toMatchObject({
      user: 'alice@bank.example',
      serviceName: 'Demo Bank',
      code: { use: 'otp', algorithm: 'TOTP', hash: 'SHA1', digits: 6, step_seconds: 30 },
    })
    expect(Buffer.from(readOtpauth(uri).code.secret, 'base64url').toString()).toBe('12345678901234567890')
  })

  it.each([
    'otpauth://hotp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    'otpauth://totp/a?secret=GEZDG',
    'otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJ1',
    'otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&digits=4',
    'otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&period=0',
    'otpauth://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&algorithm=MD5',
    'otpauth://totp/%E0%A4%A?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    'https://totp/a?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
  ])('refused: %s', written => {
    expect(() => readOtpauth(written)).toThrow(expect.objectContaining({ code: 'invalid_invitation' }))
  })
})
