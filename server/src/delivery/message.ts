/**
 * Messages to people. The tenant's gateways are tried one after another in their order, ten seconds each and twenty in all; one that
 * failed five times in a row rests meanwhile. What a gateway may have taken is not given to the next one, because a second message
 * confuses more than none, and what a gateway says nobody can bring goes back to nobody.
 * A decoy goes nowhere. In the demo, whose tenants need no gateway, messages end in the inbox.
 */
import type { Circuits } from '#delivery/circuits.ts'
import { secretsOf } from '#delivery/gateway-secrets.ts'
import type { Outcome } from '#delivery/outcome.ts'
import type { Road } from '#delivery/post.ts'
import { sendShortMessage } from '#delivery/sms/short-message.ts'
import { inOrder, type MailGateway, type SmsGateway } from '#domain/gateway.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { InboxDoorway, MessageParcel } from '#domain/parcel.ts'
import type { Sealer } from '#domain/ports/sealer.ts'

export interface MessageRoads {
  readonly circuits: Circuits
  mailGateways(tenant: TenantNumber): Promise<readonly MailGateway[]>
  smsGateways(tenant: TenantNumber): Promise<readonly SmsGateway[]>
  loadSealer(tenant: TenantNumber): Promise<Sealer>
  readonly inbox?: InboxDoorway | undefined
  /** Authorities whose certificates count for gateways beside those of the system, in PEM. */
  readonly authorities?: readonly string[]
}

interface Needs {
  readonly messages?: MessageRoads
  readonly road: Road
}

const ALL_MS = 20_000
const NO_GATEWAY: Outcome = { name: 'no_gateway', status: null }
const LISTS = { email: 'mailGateways', sms: 'smsGateways' } as const
/** The next gateway may do better. */
const FAILURES: ReadonlySet<string> = new Set([
  'redirected',
  'refused',
  'throttled',
  'failed',
  'timeout',
  'unreachable',
  'address_refused',
])

export async function sendMessage(tenant: TenantNumber, parcel: MessageParcel, needs: Needs): Promise<Outcome> {
  const { to } = parcel
  if (to === undefined) return { name: 'not_needed', status: null }
  const { messages, road } = needs
  if (!messages) return NO_GATEWAY
  const list = LISTS[parcel.method]
  const known: readonly (MailGateway | SmsGateway)[] = await messages[list](tenant)
  const gateways = inOrder(known, parcel.gateways)
  if (gateways.length === 0) return intoInbox(messages, parcel, to, road)
  const sealer = await messages.loadSealer(tenant)
  const { clock } = road
  const way = { ...road, authorities: messages.authorities }
  const until = clock.now() + ALL_MS
  let last: Outcome = { name: 'unreachable', status: null }
  for (const gateway of gateways) {
    const circuit = `${tenant} ${list} ${gateway.code}`
    const now = clock.now()
    if (now >= until) break
    if (messages.circuits.restUntil(circuit, now) > 0) continue
    const plain = secretsOf(sealer, list, gateway)
    last = await ('host' in gateway
      ? mail({ ...parcel, to }, gateway, plain, way)
      : sendShortMessage({ ...parcel, to }, gateway, plain, way))
    messages.circuits.note(circuit, FAILURES.has(last.name), clock.now())
    if (!FAILURES.has(last.name)) return last
  }
  // An address that only one of several gateways leads to is a fault of that gateway.
  return last
}

/** Loaded with the first mail: most servers of a test, and many of a company, never send one. */
async function mail(...given: Parameters<SendMail>): Promise<Outcome> {
  const { sendMail } = await import('#delivery/smtp/mail.ts')
  return sendMail(...given)
}

type SendMail = typeof import('#delivery/smtp/mail.ts').sendMail

function intoInbox(
  { inbox }: MessageRoads,
  { method, subject, text }: MessageParcel,
  to: string,
  { clock }: Road,
): Outcome {
  if (!inbox) return NO_GATEWAY
  const at = new Date(clock.now()).toISOString()
  inbox.take({ to, kind: method, ...(subject === undefined ? {} : { subject }), text, at })
  return { name: 'delivered', status: null }
}
