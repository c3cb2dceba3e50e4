/** Templates: what is replaced, what never becomes markup or a header, what a page says as text. */
import { describe, expect, it } from 'vitest'
import { prefixOf } from '#authentication/message-budgets.ts'
import { composeMessage, maskedAddress, renderTemplate, textOf, validityText } from '#authentication/message-text.ts'
import { addressFor } from '#authentication/messages.ts'
import type { Configuration } from '#domain/configuration.ts'
import { dialled } from '#domain/telephone.ts'

const none = { messageTemplates: [] } as unknown as Configuration

describe('renderTemplate', () => {
  it('replaces what has a value, once, and leaves the rest as it is written', () => {
    expect(renderTemplate('{$secret} {$secret} {$other} {secret}', { secret: '{$other}1', other: 'x' })).toBe(
      '{$other}1 {$other}1 x {secret}',
    )
    expect(renderTemplate('{$toString}{$__proto__}', {})).toBe('{$toString}{$__proto__}')
  })

  it('escapes values in pages', () => {
    expect(renderTemplate('<b title="{$application}">', { application: '"><script>&\'' }, true)).toBe(
      '<b title="&quot;&gt;&lt;script&gt;&amp;&#39;">',
    )
  })
})

describe('composeMessage', () => {
  it('a workflow’s template wins; a page has its words beside it', () => {
    const templates = {
      email: { template: '<p>Your code is <b>{$secret}</b></p>', html: true },
      sms: { template: 'Code {$secret}' },
    }
    const values = { secret: '123456', application: '<Bank>' }
    expect(composeMessage(none, { purpose: 'oob', method: 'email', templates, values })).toEqual({
      subject: '<Bank>',
      html: '<p>Your code is <b>123456</b></p>',
      text: 'Your code is 123456',
    })
    expect(composeMessage(none, { purpose: 'oob', method: 'sms', templates, values })).toEqual({ text: 'Code 123456' })
  })

  it('a subject is one line', () => {
    const values = { secret: '1', application: 'Bank\r\nBcc: eve@example.com' }
    expect(composeMessage(none, { purpose: 'oob', method: 'email', values }).subject).toBe('Bank Bcc: eve@example.com')
  })
})

describe('textOf', () => {
  it.each([
    ['<style>p{color:#0b5fff}</style><p>Code&nbsp;<b>1</b></p><p>Use &lt;it&gt;<br>now</p>', 'Code 1\nUse <it>\nnow'],
    ['<a href="https://x.example/a?b=1">Open</a>', 'Open https://x.example/a?b=1'],
    ['plain', 'plain'],
  ])('%s', (html, text) => expect(textOf(html)).toBe(text))
})

it.each([
  [60, '1 minute'],
  [300, '5 minutes'],
  [90, '1 minute'],
  [45, '45 seconds'],
  [3600, '1 hour'],
])('%i seconds are %s', (seconds, text) => expect(validityText(seconds)).toBe(text))

it('an address is told by no more than its owner needs', () => {
  expect(maskedAddress('email', 'otto@example.com')).toBe('o…@example.com')
  expect(maskedAddress('email', '@example.com')).toBe('…')
  expect(maskedAddress('sms', '+4917012345')).toBe('…45')
})

describe('addresses', () => {
  const mail = (email: string) => addressFor('email', { email, mobile: null, language: null })
  const sms = (mobile: string) => addressFor('sms', { email: null, mobile, language: null })
  it.each(['otto@example.com', 'o.t+x@sub.example', 'jürgen@example.com'])('%s is one', text =>
    expect(mail(text)).toBe(text),
  )
  it.each(['', 'otto', 'a@b, c@d', 'a@b\r\nBcc: c@d', '<a@b>', 'a b@c', '"a"@b', 'a@b>x'])('%s is none', text =>
    expect(mail(text)).toBeUndefined(),
  )
  it.each(['+4917012345', '0049 (170) 123-45', '0170.12345'])('%s is a number', text => expect(sms(text)).toBe(text))
  it.each(['12', 'sip:x', '+49170x', '+1234567890123456'])('%s is none', text => expect(sms(text)).toBeUndefined())
  it('one number is one number', () =>
    expect([dialled('0049 (170) 1'), dialled('+49-170/1')]).toEqual(['+491701', '+491701']))
  it.each([
    ['+4917012345', '49'],
    ['+15551234567', '1'],
    ['+8821512345', '882'],
    ['017012345', '0'],
  ])('%s goes to %s', (number, prefix) => expect(prefixOf(number)).toBe(prefix))
})
