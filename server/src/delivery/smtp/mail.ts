/**
 * One mail by one mail server (RFC 5321; submission, RFC 6409; TLS, RFC 3207 and 8314). The server's address is judged and pinned like
 * any that a tenant names; its certificate must be for the name that the gateway has. Nothing is sent in the clear, password or mail,
 * where the gateway says TLS. A message is made of the parcel's texts alone: no file, no link is opened.
 * Surprise: from the moment that the last byte of a mail is out until its answer, a failure is `uncertain`, not `failed`.
 */
import { Readable } from 'node:stream'
import MailComposer from 'nodemailer/lib/mail-composer'
import SMTPConnection from 'nodemailer/lib/smtp-connection'
import { findTarget } from '#delivery/address-guard.ts'
import { type GatewayRoad, trustedBy } from '#delivery/gateway-road.ts'
import type { Secrets } from '#delivery/gateway-secrets.ts'
import type { Outcome } from '#delivery/outcome.ts'
import { ATTEMPT_MS, until } from '#delivery/post.ts'
import type { MailGateway } from '#domain/gateway.ts'
import type { MessageParcel } from '#domain/parcel.ts'

type Mail = MessageParcel & { readonly to: string }

const LARGEST_RESPONSE = 65_536

export async function sendMail(
  mail: Mail,
  gateway: MailGateway,
  secrets: Secrets,
  road: GatewayRoad,
): Promise<Outcome> {
  const signal = AbortSignal.timeout(ATTEMPT_MS)
  const { host, port, security } = gateway
  const scheme = security === 'none' ? 'http' : 'https'
  const { rules, resolve } = road
  const bracketed = host.includes(':') ? `[${host}]` : host
  try {
    const found = findTarget(`${scheme}://${bracketed}:${port}/`, rules, resolve ? { resolve } : {})
    const target = await until(signal, found)
    if (!target) return { name: 'address_refused', status: null }
    const { raw, envelope } = await composed(mail, gateway, road.clock.now())
    return await new Exchange(gateway, { address: target.pinned.address, secrets, signal, road }).send(envelope, raw)
  } catch (error) {
    if (signal.aborted) return { name: 'timeout', status: null }
    if (typeof (error as { code?: unknown }).code !== 'string') throw error
    return { name: 'unreachable', status: null }
  }
}

type Envelope = { readonly from: string | false; readonly to: string[] }

async function composed({ to, subject = '', text, html }: Mail, { from, replyTo }: MailGateway, now_ms: number) {
  const node = new MailComposer({
    from,
    to: { name: '', address: to },
    ...(replyTo === undefined ? {} : { replyTo }),
    subject,
    text,
    ...(html === undefined ? {} : { html }),
    date: new Date(now_ms),
    // RFC 3834: no vacation answers to a code.
    headers: { 'Auto-Submitted': 'auto-generated' },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  // To the one address, whatever a reader of headers would make of it.
  return { raw: await node.build(), envelope: { from: node.getEnvelope().from, to: [to] } }
}

interface Circumstances {
  readonly address: string
  readonly secrets: Secrets
  readonly signal: AbortSignal
  readonly road: GatewayRoad
}

class Exchange {
  readonly #connection: SMTPConnection
  readonly #auth: { user: string; pass: string } | undefined
  readonly #signal: AbortSignal
  #bodyOut = false

  constructor({ host, port, security, user }: MailGateway, { address, secrets, signal, road }: Circumstances) {
    this.#connection = new SMTPConnection({
      host: address,
      port,
      secure: security === 'tls',
      requireTLS: security === 'starttls',
      ignoreTLS: security === 'none',
      connectionTimeout: ATTEMPT_MS,
      greetingTimeout: ATTEMPT_MS,
      socketTimeout: ATTEMPT_MS,
      socketCloseTimeout: 1000,
      maxResponseSize: LARGEST_RESPONSE,
      tls: { servername: host, minVersion: 'TLSv1.2', rejectUnauthorized: true, ...trustedBy(road) },
    })
    this.#auth = user === undefined ? undefined : { user, pass: secrets.get('password') ?? '' }
    this.#signal = signal
  }

  send(envelope: Envelope, raw: Buffer): Promise<Outcome> {
    return new Promise<Outcome>(answered => {
      const done = (outcome: Outcome) => {
        this.#signal.removeEventListener('abort', late)
        answered(outcome)
        this.#connection.close()
      }
      const late = () => done(this.#bodyOut ? UNCERTAIN : { name: 'timeout', status: null })
      this.#signal.addEventListener('abort', late, { once: true })
      const failed = (error: unknown) => done(this.#outcomeOf(error))
      this.#connection.once('error', failed)
      this.#connection.once('end', () => failed({ code: 'ECONNECTION' }))
      const deliver = () =>
        this.#connection.send({ ...envelope }, this.#body(raw), error => (error ? failed(error) : done(TAKEN)))
      this.#connection.connect(error => {
        if (error) return failed(error)
        const auth = this.#auth
        if (!auth) return deliver()
        this.#connection.login({ credentials: auth }, wrong => (wrong ? failed(wrong) : deliver()))
      })
    })
  }

  /** Notes when all of it was taken off our hands. */
  #body(raw: Buffer): Readable {
    const exchange = this
    return Readable.from(
      (function* () {
        yield raw
        exchange.#bodyOut = true
      })(),
      { objectMode: false },
    )
  }

  #outcomeOf(error: unknown): Outcome {
    const { responseCode, code } = error as { readonly responseCode?: number; readonly code?: string }
    if (responseCode !== undefined) return said(responseCode, code)
    if (this.#bodyOut) return UNCERTAIN
    return { name: code === 'ETIMEDOUT' ? 'timeout' : 'unreachable', status: null }
  }
}

const TAKEN: Outcome = { name: 'delivered', status: 250 }
const UNCERTAIN: Outcome = { name: 'uncertain', status: null }

/** RFC 5321 section 4.2.1: 4yz may be better later, 5yz will not. That we may not sign in is a fault of the gateway. */
function said(status: number, code: string | undefined): Outcome {
  if (code === 'EAUTH' || code === 'ETLS') return { name: 'refused', status }
  if (status === 421 || status === 450 || status === 451 || status === 452) return { name: 'throttled', status }
  if (status >= 500) return { name: code === 'EENVELOPE' || code === 'EMESSAGE' ? 'unusable' : 'refused', status }
  return { name: 'failed', status }
}
