/**
 * Judges the request by which a provider takes a short message: placeholders are known and what they name is there, the host is fixed,
 * no header belongs to the connection, a JSON body is JSON. What is wrong is found when it is saved, not when somebody waits for a code.
 */
import type { SmsGateway } from '#domain/gateway.ts'
import { Refusal } from '#domain/refusal.ts'

const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

const placeholder = /\{\$([^{}]*)\}/g
const secret = /^secret\.([A-Za-z][A-Za-z0-9_-]{0,39})$/
const basic = /^basic\.([A-Za-z][A-Za-z0-9_-]{0,39})\.([A-Za-z][A-Za-z0-9_-]{0,39})$/
const MOST_HEADERS = 20
const headerName = /^[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}$/
const headerText = /^[\t -~]{0,1000}$/
const CONNECTION = [
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'te',
  'upgrade',
  'expect',
]
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]']

export function assertSms(gateway: SmsGateway): void {
  const { url, headers, body, method, contentType } = gateway
  assertUrl(url)
  assertHeaders(headers)
  if (method === 'GET' && body !== '') throw wrong('A GET has no body.')
  if (method === 'POST' && contentType === 'application/json' && !isJson(withExamples(body)))
    throw wrong('body is no JSON when its placeholders are filled in; put them between quotes.')
  const inHeaders = Object.values(headers).flatMap(namesIn)
  const elsewhere = [...namesIn(url), ...namesIn(body)]
  for (const name of elsewhere) if (basic.test(name)) throw wrong(`{$${name}} stands in headers only.`)
  for (const name of [...inHeaders, ...elsewhere]) assertKnown(name, gateway)
  for (const needed of ['to', 'text'])
    if (!elsewhere.includes(needed)) throw wrong(`{$${needed}} stands neither in url nor in body.`)
}

const namesIn = (template: string) => [...template.matchAll(placeholder)].map(([, name = '']) => name)
const withExamples = (template: string) => template.replaceAll(placeholder, 'x')

function assertKnown(name: string, { sender, secrets = {} }: SmsGateway): void {
  if (name === 'to' || name === 'text') return
  if (name === 'sender') {
    if (sender === undefined) throw wrong('{$sender} is used: sender is missing.')
    return
  }
  const secretNames = (basic.exec(name) ?? secret.exec(name))?.slice(1)
  if (!secretNames) throw wrong(`{$${name.slice(0, 40)}} is no placeholder.`)
  const missing = secretNames.find(one => !Object.hasOwn(secrets, one))
  if (missing !== undefined) throw wrong(`{$${name}} is used: the secret ${missing} is missing.`)
}

/** The host is never filled in: a number or a text that decides where a secret goes would be a way out for it. */
function assertUrl(url: string): void {
  const filled = withExamples(url)
  const origin = /^(https?:\/\/[^/?#]+)/.exec(url)?.[1]
  if (origin === undefined || !URL.canParse(filled) || origin.includes('{$') || /[\s\\]/.test(url))
    throw wrong('url is an absolute https address whose host is fixed.')
  const { protocol, username, password, hash, hostname } = new URL(filled)
  if (username !== '' || password !== '' || hash !== '') throw wrong('url has no user and no fragment.')
  if (protocol !== 'https:' && !loopbackHosts.includes(hostname))
    throw wrong('url is https, but for a server on this machine.')
}

function assertHeaders(headers: SmsGateway['headers']): void {
  const entries = Object.entries(headers)
  if (entries.length > MOST_HEADERS) throw wrong(`There are at most ${MOST_HEADERS} headers.`)
  for (const [name, value] of entries) {
    if (!headerName.test(name) || !headerText.test(value))
      throw wrong('headers holds names and values of HTTP headers.')
    if (CONNECTION.includes(name.toLowerCase())) throw wrong(`The header ${name.toLowerCase()} is set by the server.`)
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
