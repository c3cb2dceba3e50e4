/**
 * What a provider of short messages is sent, out of the templates of a gateway: `{$to}`, `{$text}`, `{$sender}`, `{$secret.NAME}`, and in
 * headers `{$basic.USER.PASSWORD}` (RFC 7617). Each value is written as the place where it stands reads it back, so that no text of a
 * person can become a member, a parameter or a line of a header. Pure.
 */
import type { Secrets } from '#delivery/gateway-secrets.ts'
import type { SmsGateway } from '#domain/gateway.ts'
import { dialled } from '#domain/telephone.ts'

export interface ShortLetter {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Undefined with GET. */
  readonly body: string | undefined
}

const placeholder = /\{\$([a-z]+)((?:\.[A-Za-z0-9_-]{1,64}){0,2})\}/g

type Encode = (value: string) => string

const inForm: Encode = value => encodeURIComponent(value).replace(/%20/g, '+')
const inJson: Encode = value => JSON.stringify(value).slice(1, -1)
const inText: Encode = value => value
/** RFC 9110 section 5.5: what no header may hold is left out. */
const inHeader: Encode = value => value.replace(/[^\t\x20-\x7e\x80-\xff]/g, '')

const bodies: ReadonlyMap<string, Encode> = new Map([
  ['application/json', inJson],
  ['application/x-www-form-urlencoded', inForm],
  ['text/plain', inText],
])

/** Undefined where the gateway names what is not there: a secret that was never given, a place that is none. */
export function letterOf(
  { url, headers, body, contentType, method, sender = '' }: SmsGateway,
  { to, text }: { readonly to: string; readonly text: string },
  secrets: Secrets,
): ShortLetter | undefined {
  let missing = false
  const values: ReadonlyMap<string, string> = new Map([
    ['to', dialled(to)],
    ['text', text],
    ['sender', sender],
  ])
  const found = (name: string, parts: readonly string[]): string | undefined => {
    const [one = '', other = ''] = parts
    if (name === 'secret') return secrets.get(one)
    if (name !== 'basic') return parts.length === 0 ? values.get(name) : undefined
    const [user, password] = [secrets.get(one), secrets.get(other)]
    return user === undefined || password === undefined
      ? undefined
      : Buffer.from(`${user}:${password}`).toString('base64')
  }
  const filled = (template: string, encode: Encode) =>
    template.replace(placeholder, (_, name: string, rest: string) => {
      const value = found(name, rest.split('.').slice(1))
      if (value === undefined) missing = true
      return encode(value ?? '')
    })
  const encode = bodies.get(contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '') ?? inText
  const letter = {
    url: filled(url, encodeURIComponent),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name.toLowerCase(), filled(value, inHeader)]),
    ),
    body: method === 'GET' ? undefined : filled(body, encode),
  }
  return missing ? undefined : letter
}
