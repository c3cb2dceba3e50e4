/** Values in letters to providers of short messages: each is read back as it was, wherever it stands, and nothing of it becomes more. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { letterOf } from '#delivery/sms/template.ts'
import type { SmsGateway } from '#domain/gateway.ts'

const gateway = (more: Partial<SmsGateway>): SmsGateway => ({
  ...{ code: 'G', name: 'G', enabled: true, priority: 1, method: 'POST', url: 'https://sms.example/send', headers: {} },
  ...{ body: '', contentType: 'application/json', success: { status: [200] } },
  ...more,
})
const secrets = new Map([
  ['key', 'k"&\r\nx: y'],
  ['user', 'otto'],
  ['password', 'p:w'],
])
const letter = (more: Partial<SmsGateway>, text = 'T') =>
  letterOf(gateway(more), { to: '+44 7700 900123', text }, secrets)

/** Halves of surrogate pairs become U+FFFD, as in every text that is sent. */
const wellFormed = (text: string) => Buffer.from(text).toString()

describe('bodies', () => {
  test('JSON', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), text => {
        const made = letter({ body: '{"to":"{$to}","text":"{$text}","key":"{$secret.key}"}' }, wellFormed(text))
        expect(JSON.parse(made?.body ?? '')).toEqual({
          to: '+447700900123',
          text: wellFormed(text),
          key: 'k"&\r\nx: y',
        })
      }),
    )
  })

  test('forms', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), text => {
        const made = letter(
          { body: 'To={$to}&Body={$text}', contentType: 'application/x-www-form-urlencoded' },
          wellFormed(text),
        )
        expect([...new URLSearchParams(made?.body)]).toEqual([
          ['To', '+447700900123'],
          ['Body', wellFormed(text)],
        ])
      }),
    )
  })

  test('plain text', () =>
    expect(letter({ body: '{$to}: {$text}', contentType: 'text/plain' }, 'a "b"')?.body).toBe('+447700900123: a "b"'))
  test('GET has none', () => {
    const made = letter({ method: 'GET', url: 'https://sms.example/send?to={$to}&text={$text}', body: 'x' }, 'a&b=c#d')
    expect([made?.body, made?.url]).toEqual([
      undefined,
      'https://sms.example/send?to=%2B447700900123&text=a%26b%3Dc%23d',
    ])
  })
})

describe('headers', () => {
  test('Basic out of two secrets; no line of a secret becomes a header', () => {
    const made = letter({ headers: { Authorization: 'Basic {$basic.user.password}', 'X-Key': '{$secret.key}' } })
    expect(made?.headers).toEqual({
      authorization: `Basic ${Buffer.from('otto:p:w').toString('base64')}`,
      'x-key': 'k"&x: y',
    })
  })
})

test('what is not there makes no letter', () => {
  for (const body of ['{$secret.other}', '{$basic.user.other}', '{$nothing}', '{$to.x}'])
    expect(letter({ body })).toBeUndefined()
})
