/** A mail gateway on the wire and back. Without encryption only to a server on this machine. */
import { isIP } from 'node:net'
import {
  MAIL_GATEWAY,
  type MailGatewayWire,
  type MailGatewayWrite,
} from '@countersign/protocol/configuration/mail-gateway.ts'
import { mergedSecrets } from '#configuration/gateway-secrets.ts'
import { merged } from '#configuration/merged.ts'
import type { MailGateway } from '#domain/gateway.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export const gatewayCode = /^[A-Za-z][A-Za-z0-9_-]{2,31}$/
const usualPort = { tls: 465, starttls: 587, none: 25 } as const
const label = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/
const loopback = /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i
const address = /^[!#-'*+/-9=?A-Z^-~.-]{1,64}@[A-Za-z0-9.-]{1,253}$/
const named = /^[^\p{Cc}\p{Cf}<>"]{0,100}<([^<>]{1,318})>$/u
const hidden = /[\p{Cc}\p{Cf}]/u

const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

export function mailGatewayOnWire(gateway: MailGateway, location: string): MailGatewayWire {
  const { code, name, notes, version, enabled, priority, host, port, security, user, from, replyTo, secrets } = gateway
  return {
    schemas: [MAIL_GATEWAY],
    id: code,
    name,
    ...(notes === undefined ? {} : { notes }),
    readOnly: false,
    meta: { resourceType: 'Mail Delivery Gateway', location, version: version ?? 1 },
    ...{ enabled, priority, host, port, security },
    ...(user === undefined ? {} : { user }),
    passwordSet: secrets?.password !== undefined,
    from,
    ...(replyTo === undefined ? {} : { replyTo }),
  }
}

export function newMailGateway(body: MailGatewayWrite, here: Tenant): MailGateway {
  const { id: code = '', name = code, host = '', from = '', security = 'tls' } = body
  if (!gatewayCode.test(code)) throw wrong('id is a letter and 2 to 31 letters, digits, _ or -.')
  const port = usualPort[security]
  return changedMailGateway({ code, name, enabled: true, priority: 10, host, port, security, from }, body, here)
}

export function changedMailGateway(before: MailGateway, body: MailGatewayWrite, here: Tenant): MailGateway {
  const { name, notes, enabled, priority, host, port, security, user, from, replyTo, password } = body
  const given = { name, notes, enabled, priority, host, port, security, user, from, replyTo } as Partial<MailGateway>
  const { code } = before
  const said = password === undefined ? {} : { password }
  const { secrets: _, ...rest } = merged<MailGateway>(before, given)
  const secrets = mergedSecrets(here, 'mailGateways', code, before.secrets, said)
  assertMail(rest, secrets.password !== undefined)
  return Object.keys(secrets).length === 0 ? rest : { ...rest, secrets }
}

function assertMail(gateway: MailGateway, hasPassword: boolean): void {
  if (!isHost(gateway.host)) throw wrong('host is the name or the address of a mail server.')
  if (gateway.security === 'none' && !loopback.test(gateway.host))
    throw wrong('security is tls or starttls, but for a server on this machine.')
  if (!isMailbox(gateway.from)) throw wrong('from is an address, or a name and <address>.')
  if (gateway.replyTo !== undefined && !isMailbox(gateway.replyTo)) throw wrong('replyTo is an address.')
  if (hidden.test(`${gateway.name}${gateway.user ?? ''}`)) throw wrong('name and user are printable text.')
  if (gateway.user === undefined && hasPassword) throw wrong('A password needs a user.')
  if (gateway.user !== undefined && !hasPassword) throw wrong('user needs a password.')
}

const isHost = (name: string) => isIP(name) !== 0 || (name !== '' && name.split('.').every(part => label.test(part)))

/** Nothing that could begin another header (RFC 5322 section 2.2). */
const isMailbox = (text: string) => address.test(text) || address.test(named.exec(text)?.[1] ?? '')
