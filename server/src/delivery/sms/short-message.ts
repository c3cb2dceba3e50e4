/**
 * One short message by one provider over HTTP: a connection of its own to the pinned address, ten seconds in all, no redirect. The
 * provider has taken it when status and body look as the gateway says. Surprise: once the request is out, silence is `uncertain`:
 * the message may be on its way, and a second one would cost and confuse.
 */
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { findTarget, type Target } from '#delivery/address-guard.ts'
import { type GatewayRoad, trustedBy } from '#delivery/gateway-road.ts'
import type { Secrets } from '#delivery/gateway-secrets.ts'
import { type Outcome, outcomeOf } from '#delivery/outcome.ts'
import { ATTEMPT_MS, alwaysAt, until } from '#delivery/post.ts'
import { retryAfter } from '#delivery/retry-after.ts'
import { letterOf, type ShortLetter } from '#delivery/sms/template.ts'
import type { SmsGateway } from '#domain/gateway.ts'
import type { MessageParcel } from '#domain/parcel.ts'

const LONGEST_ANSWER = 16_384
const MOST_HEADER_BYTES = 8192

export async function sendShortMessage(
  parcel: MessageParcel & { readonly to: string },
  gateway: SmsGateway,
  secrets: Secrets,
  road: GatewayRoad,
): Promise<Outcome> {
  const letter = letterOf(gateway, parcel, secrets)
  if (!letter) return { name: 'refused', status: null }
  const signal = AbortSignal.timeout(ATTEMPT_MS)
  const { rules, resolve } = road
  let target: Target | undefined
  try {
    target = await until(signal, findTarget(letter.url, rules, resolve ? { resolve } : {}))
  } catch {
    return { name: signal.aborted ? 'timeout' : 'unreachable', status: null }
  }
  if (!target) return { name: 'address_refused', status: null }
  return exchange(letter, target, gateway, road, signal)
}

function exchange(
  { headers, body }: ShortLetter,
  { url, pinned }: Target,
  gateway: SmsGateway,
  road: GatewayRoad,
  signal: AbortSignal,
): Promise<Outcome> {
  const open = url.protocol === 'https:' ? requestHttps : requestHttp
  return new Promise<Outcome>(answered => {
    let out = false
    const request = open(url, {
      method: gateway.method,
      headers: {
        ...headers,
        ...(body === undefined
          ? {}
          : { 'content-type': gateway.contentType, 'content-length': Buffer.byteLength(body) }),
      },
      agent: false,
      lookup: alwaysAt(pinned),
      maxHeaderSize: MOST_HEADER_BYTES,
      rejectUnauthorized: true,
      ...trustedBy(road),
      signal,
    })
    const broken = (code: unknown) => {
      if (out) return answered({ name: 'uncertain', status: null })
      answered({ name: signal.aborted || code === 'ABORT_ERR' ? 'timeout' : 'unreachable', status: null })
    }
    request.on('finish', () => {
      // Handed to the socket; before it is connected nothing of it can have arrived.
      if (request.socket?.connecting === false) out = true
      else request.socket?.once('connect', () => (out = true))
    })
    request.on('response', response => {
      readAnswer(response).then(
        text => answered(judged(response, text, gateway, road)),
        () => broken(undefined),
      )
    })
    request.on('error', (error: { code?: unknown }) => broken(error.code))
    request.on('close', () => broken('ECONNRESET'))
    request.end(body)
  })
}

/** As much of it as may hold the word that counts. */
async function readAnswer(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  let length = 0
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part)
    length += part.length
    if (length > LONGEST_ANSWER) break
  }
  return Buffer.concat(parts).toString('utf8').slice(0, LONGEST_ANSWER)
}

function judged(
  { statusCode = 0, headers }: IncomingMessage,
  text: string,
  { success }: SmsGateway,
  { clock }: GatewayRoad,
): Outcome {
  const { status, contains } = success
  if (status.includes(statusCode)) {
    const taken = contains === undefined || text.includes(contains)
    return { name: taken ? 'delivered' : 'refused', status: statusCode }
  }
  const outcome = outcomeOf(statusCode, retryAfter(headers['retry-after'], clock.now()))
  // A success of HTTP that the gateway does not count as one.
  return outcome.name === 'delivered' ? { name: 'refused', status: statusCode } : outcome
}
