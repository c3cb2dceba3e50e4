/**
 * From the parameters of bcauthorize to a request that the corridor opens, in the two dialects of the endpoint: a client with its bearer
 * token sends the reference's hint, one that authenticates here sends what CIBA Core section 7.1 knows, or the hint too.
 */
import type { BcauthorizeRequest, HintClaims } from '@countersign/protocol/openid/bcauthorize.ts'
import type { Opening } from '#authentication/approval-open.ts'
import type { UserlessOpening } from '#authentication/approval-open-userless.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import { grantedScope } from '#authentication/clients.ts'
import type { ApprovalDialect, Delivery } from '#domain/approval.ts'
import { idOf } from '#domain/ids.ts'
import type { Policy } from '#domain/policy.ts'
import type { Random } from '#domain/ports/random.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { readRiskInfo } from '#openid/login-hint.ts'

const USUAL_POLICY = 'AT_PASA'
export const USERLESS = 'userid_less'
const SHORTEST_LIFE_SECONDS = 10
const LONGEST_LIFE_SECONDS = 3600

export interface Asking {
  readonly request: BcauthorizeRequest
  readonly hint: HintClaims
  readonly client: KnownClient
  readonly dialect: ApprovalDialect
  readonly tenant: Tenant
  readonly issuer: string
  readonly correlation: string
}

/** Everything but whom it is for. */
export function readOpening(asking: Asking, random: Random): Omit<Opening, 'name' | 'device'> {
  const { request, hint, client, dialect, tenant } = asking
  const policy = readPolicy(hint.authpol ?? USUAL_POLICY, tenant)
  const delivery = readDelivery(asking)
  const risk = hint.RMSInfo === undefined || hint.RMSInfo === '' ? undefined : readRiskInfo(hint.RMSInfo)
  const token = request.client_notification_token
  return {
    client,
    policy,
    channel: readChannel(hint.channel || client.document.userChannel, policy, tenant),
    scope: readScope(request.scope, client),
    session: readSession(hint.createSession),
    dialect,
    delivery,
    body: {
      tds: hint.tds ?? request.binding_message ?? '',
      ...(client.document.numberMatching === true ? { number: twoDigits(random) } : {}),
      ...(delivery === 'poll' || token === undefined ? {} : { notifyToken: token }),
      issuer: asking.issuer,
      clientName: client.document.name,
      ...originOf(client),
      ...(risk?.TM_CLIENT_IP === undefined ? {} : { address: risk.TM_CLIENT_IP }),
      ...(risk === undefined ? {} : { risk }),
    },
    life_ms: readLife(request.requested_expiry, policy) * 1000,
    correlation: asking.correlation,
  }
}

/** What a request that names nobody has beside: which devices may take it, and what may be answered. */
export function readUserless(
  { hint, tenant }: Asking,
  policy: Policy,
): Pick<UserlessOpening, 'deviceType' | 'statuses'> {
  const deviceType = tenant.configuration.findDeviceType(hint.device_type ?? '')
  if (!deviceType?.push) throw new Refusal('invalid_request', 'device_type is no type of approve app of this tenant.')
  const key = tenant.configuration.findCredentialType(deviceType.push.keys[policy.purpose ?? 'logon'])
  const known = key?.factor === 'push' ? key.settings.statuses : []
  if (hint.cal === undefined || hint.cal === '') return { deviceType, statuses: undefined }
  const statuses = hint.cal.split('|')
  if (new Set(statuses).size !== statuses.length || !statuses.every(status => known.includes(status))) {
    throw new Refusal('invalid_request', `cal is a subset of ${known.join('|')}.`)
  }
  return { deviceType, statuses: known.filter(status => statuses.includes(status)) }
}

export function readDevice(deviceid: HintClaims['deviceid']): number | undefined {
  if (deviceid === undefined || deviceid === '') return undefined
  const id = idOf(String(deviceid))
  if (id === undefined) throw new Refusal('invalid_request', 'deviceid is not an internal device id.')
  return id
}

function readPolicy(code: string, tenant: Tenant): Policy {
  const policy = tenant.configuration.findPolicy(code)
  if (policy?.factor !== 'push') throw new Refusal('invalid_request', 'authpol is no push policy of this tenant.')
  return policy
}

function readChannel(code: string, policy: Policy, tenant: Tenant): string {
  if (!tenant.configuration.findChannel(code)) throw new Refusal('invalid_request', 'channel is not known here.')
  if (policy.validChannels.includes(code)) return code
  throw new Refusal('invalid_request', `${policy.code} may not be used on this channel.`)
}

function readScope(asked: string | undefined, { document }: KnownClient): string {
  const granted = grantedScope(document, asked)
  if (granted === undefined) throw new Refusal('invalid_scope')
  if (!granted.split(' ').includes('openid')) throw new Refusal('invalid_scope', 'The scope must hold openid.')
  return granted
}

function readSession(value: HintClaims['createSession']): boolean {
  const text = String(value ?? '0')
  if (['1', 'true'].includes(text)) return true
  if (['0', 'false', ''].includes(text)) return false
  throw new Refusal('invalid_request', 'createSession is 0 or 1.')
}

/** Without a notification token there is nobody to call: the reference's clients then poll, a standard client made a mistake. */
function readDelivery({ request, client, dialect }: Asking): Delivery {
  const registered = client.document.delivery
  const token = request.client_notification_token
  if (token !== undefined && !/^[A-Za-z0-9\-._~+/]{1,1024}=*$/.test(token)) {
    throw new Refusal('invalid_request', 'The client_notification_token is no bearer token.')
  }
  if (token !== undefined && token !== '') return registered ?? (dialect === 'reference' ? 'push' : 'poll')
  if (dialect === 'standard' && registered !== undefined && registered !== 'poll') {
    throw new Refusal('invalid_request', `A client with ${registered} mode sends a client_notification_token.`)
  }
  return 'poll'
}

function readLife(asked: string | number | undefined, policy: Policy): number {
  const usual = policy.challengeTimeout_seconds < 0 ? LONGEST_LIFE_SECONDS : policy.challengeTimeout_seconds
  if (asked === undefined || asked === '') return usual
  const seconds = Number(asked)
  if (!Number.isInteger(seconds) || seconds < 1)
    throw new Refusal('invalid_request', 'requested_expiry is a number of seconds.')
  return Math.min(usual, Math.max(SHORTEST_LIFE_SECONDS, seconds))
}

/** A client that registered no page has no origin to be shown. */
function originOf({ document }: KnownClient): { readonly clientOrigin?: string } {
  const addresses = document.metadata?.redirect_uris
  const first: unknown = Array.isArray(addresses) ? addresses[0] : undefined
  return typeof first === 'string' && URL.canParse(first) ? { clientOrigin: new URL(first).origin } : {}
}

/** 10 to 99, each as likely. */
function twoDigits(random: Random): string {
  for (;;) {
    const [byte = 255] = random.bytes(1)
    if (byte < 180) return String(10 + (byte % 90))
  }
}
