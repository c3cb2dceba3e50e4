/** How answers leave: query, fragment, form post; hostile values stay values. And the two halves of PKCE. */
import { parse } from 'node:querystring'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isChallenge, pkceMatches } from '#authentication/pkce.ts'
import { type Back, redirectAnswer } from '#openid/redirect-answer.ts'
import { CHALLENGE, VERIFIER } from './asking.ts'

const issuer = 'https://id.example/t1/authn'
const back = (more: Partial<Back> = {}): Back => ({
  redirectUri: 'https://rp.example/cb',
  responseMode: 'query',
  state: 's',
  issuer,
  ...more,
})
const told = { code: 'c/+=', id_token: 'a.b.c' }
const location = (answer: ReturnType<typeof redirectAnswer>) => String(answer.headers?.location)
const hostile = [
  '"><script>alert(1)</script>',
  "' onfocus='alert(1)",
  '&quot;&lt;',
  'a&code=stolen&iss=https://evil.example',
  '#code=stolen',
  'a\tb%0d%0aset-cookie: x=1',
  '</form><form action="https://evil.example">',
  '\u202egnp.exe é 日本',
  '{{7*7}}%{7*7}',
]

describe('redirects', () => {
  test('302 with code, id_token, state and iss in the query; nothing is kept or told on', () => {
    const { status, headers, body } = redirectAnswer(back(), told)
    expect([status, body]).toEqual([302, ''])
    expect(headers).toMatchObject({
      location: `https://rp.example/cb?code=c%2F%2B%3D&id_token=a.b.c&state=s&iss=${encodeURIComponent(issuer)}`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    })
  })

  test('a query that is there is kept', () => {
    for (const [redirectUri, start] of [
      ['https://rp.example/cb?x=1', 'https://rp.example/cb?x=1&code='],
      ['https://rp.example/cb?', 'https://rp.example/cb?code='],
      ['https://rp.example/cb?x=1&', 'https://rp.example/cb?x=1&code='],
      ['com.example.app:/cb', 'com.example.app:/cb?code='],
    ] as const) {
      expect(location(redirectAnswer(back({ redirectUri }), told)).startsWith(start)).toBe(true)
    }
  })

  test('the fragment, where it was asked for', () => {
    const answer = redirectAnswer(back({ responseMode: 'fragment', redirectUri: 'https://rp.example/cb?x=1' }), told)
    expect(location(answer)).toContain('https://rp.example/cb?x=1#code=c%2F%2B%3D&id_token=a.b.c&state=s&iss=')
  })

  test('an error in characters that RFC 6749 allows; no state where none was sent', () => {
    const { state, ...rest } = back()
    const error = { error: 'access_denied', error_description: 'Er sagte "nein" \\ é\n.' }
    const params = new URL(location(redirectAnswer(rest, error))).searchParams
    expect(params.get('error_description')).toBe("Er sagte 'nein' ? ??.")
    expect([...params.keys()]).toEqual(['error', 'error_description', 'iss'])
    expect(state).toBe('s')
  })

  test.each(hostile)('a state stays a state: %s', state => {
    for (const responseMode of ['query', 'fragment'] as const) {
      const url = location(redirectAnswer(back({ state, responseMode }), told))
      expect(url).toMatch(/^[\x21-\x7e]+$/)
      const rest = url.slice(url.search(/[?#]/) + 1)
      expect(parse(rest)).toEqual({ ...told, state, iss: issuer })
      expect(new URL(url).origin).toBe('https://rp.example')
    }
  })

  test('any text comes back as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), state => {
        const url = new URL(location(redirectAnswer(back({ state }), told)))
        return url.searchParams.get('state') === state && url.searchParams.get('code') === told.code
      }),
    )
  })

  test('a redirect URI that no header may hold goes nowhere', () => {
    for (const redirectUri of ['https://rp.example/\r\nx: y', 'https://rp.example/é', 'https://rp.example/ x', ''])
      expect(() => redirectAnswer(back({ redirectUri }), told)).toThrow()
  })
})

describe('form post', () => {
  const page = (more: Partial<Back> = {}) => redirectAnswer(back({ responseMode: 'form_post', ...more }), told)
  const fieldsOf = (html: string) =>
    Object.fromEntries(
      [...html.matchAll(/<input type="hidden" name="([a-z_]+)" value="([^"<>]*)">/g)].map(([, name, value]) => [
        name,
        value
          ?.replaceAll('&lt;', '<')
          .replaceAll('&gt;', '>')
          .replaceAll('&quot;', '"')
          .replaceAll('&#39;', "'")
          .replaceAll('&amp;', '&'),
      ]),
    )

  test('a page without a script of its own, whose form goes to the client and nowhere else', () => {
    const { status, headers, body } = page()
    expect([status, headers?.['content-type']]).toEqual([200, 'text/html;charset=UTF-8'])
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'content-security-policy':
        "default-src 'none'; script-src 'self'; form-action https://rp.example; frame-ancestors 'none'; base-uri 'none'",
    })
    expect(body.match(/<script[^>]*>/g)).toEqual(['<script src="/portal/form-post.js" defer>'])
    expect(body).not.toMatch(/\son[a-z]+=|javascript:|style=/)
    expect(body).toContain('<form method="post" action="https://rp.example/cb">')
    expect(body).toMatch(/<noscript>.*<button type="submit">/s)
    expect(fieldsOf(body)).toEqual({ ...told, state: 's', iss: issuer })
  })

  test.each(hostile)('a state stays a value: %s', state => {
    const { body } = page({ state })
    expect(fieldsOf(body)).toMatchObject({ state })
    expect(body.match(/<(?:script|form|input)\b/g)).toHaveLength(6)
  })

  test('an address of the client that looks like HTML stays an address', () => {
    const { body } = page({ redirectUri: "https://rp.example/cb?a='b'&c=d" })
    expect(body).toContain('action="https://rp.example/cb?a=&#39;b&#39;&amp;c=d"')
  })

  test.each([
    ['https://rp.example:8443/cb', 'https://rp.example:8443'],
    ['http://localhost:3000/cb', 'http://localhost:3000'],
    ['http://127.0.0.1:3000/cb', 'http://127.0.0.1:3000'],
    // Addresses in figures match no source of a policy.
    ['http://[::1]:3000/cb', 'http:'],
    ['https://192.0.2.1/cb', 'https:'],
  ])('%s may be posted to', (redirectUri, target) => {
    expect(page({ redirectUri }).headers?.['content-security-policy']).toContain(`form-action ${target};`)
  })
})

describe('PKCE', () => {
  test('RFC 7636 appendix B', () => {
    expect([isChallenge(CHALLENGE), pkceMatches(CHALLENGE, VERIFIER)]).toEqual([true, true])
  })
  test.each<[string | undefined, string | undefined]>([
    [CHALLENGE, undefined],
    [undefined, VERIFIER],
    [CHALLENGE, CHALLENGE],
    [CHALLENGE, ''],
    [CHALLENGE, `${VERIFIER}x`],
    [CHALLENGE, VERIFIER.slice(0, 42)],
    [CHALLENGE, VERIFIER.toUpperCase()],
    [VERIFIER, VERIFIER],
    [CHALLENGE.slice(0, 42), VERIFIER],
  ])('%s and %s do not belong together', (challenge, verifier) => {
    expect(pkceMatches(challenge, verifier)).toBe(false)
  })
  test('neither is needed where neither is', () => expect(pkceMatches(undefined, undefined)).toBe(true))
})
