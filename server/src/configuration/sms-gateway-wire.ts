/** An SMS gateway on the wire and back. A preset only fills in what POST leaves out; the document holds all of it. */
import {
  SMS_GATEWAY,
  type SmsGatewayWire,
  type SmsGatewayWrite,
} from '@countersign/protocol/configuration/sms-gateway.ts'
import { mergedSecrets } from '#configuration/gateway-secrets.ts'
import { gatewayCode } from '#configuration/mail-gateway-wire.ts'
import { merged } from '#configuration/merged.ts'
import { smsPresets } from '#configuration/seed/sms-presets.ts'
import { assertSms } from '#configuration/sms-template.ts'
import type { SmsGateway } from '#domain/gateway.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const secretName = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/
const MOST_SECRETS = 8
const hidden = /[\p{Cc}\p{Cf}]/u

const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

export function smsGatewayOnWire(gateway: SmsGateway, location: string): SmsGatewayWire {
  const { code, name, notes, version, enabled, priority, preset, secrets = {}, sender, ...request } = gateway
  const { url, method, headers, body, contentType, success } = request
  return {
    schemas: [SMS_GATEWAY],
    id: code,
    name,
    ...(notes === undefined ? {} : { notes }),
    readOnly: false,
    meta: { resourceType: 'SMS Delivery Gateway', location, version: version ?? 1 },
    ...{ enabled, priority },
    ...(preset === undefined ? {} : { preset }),
    ...{ url, method, headers: { ...headers }, body, contentType },
    ...(sender === undefined ? {} : { sender }),
    success: {
      status: [...success.status],
      ...(success.contains === undefined ? {} : { contains: success.contains }),
    },
    secretsSet: Object.keys(secrets).sort(),
  }
}

export function newSmsGateway(body: SmsGatewayWrite, here: Tenant): SmsGateway {
  const { id: code = '', name = code, preset } = body
  if (!gatewayCode.test(code)) throw wrong('id is a letter and 2 to 31 letters, digits, _ or -.')
  const known = preset === undefined ? undefined : smsPresets.get(preset)
  if (preset !== undefined && !known) throw wrong(`preset is one of ${[...smsPresets.keys()].join(', ')}.`)
  const { name: _, ...request } = known ?? { name, ...plain }
  const own = { code, name, enabled: true, priority: 10, url: '', ...(preset === undefined ? {} : { preset }) }
  return changed({ ...own, ...request }, body, here)
}

/** Without a preset. */
const plain = {
  method: 'POST',
  headers: {},
  body: '',
  contentType: 'application/json',
  success: { status: [200, 201, 202] },
} as const

export function changedSmsGateway(before: SmsGateway, body: SmsGatewayWrite, here: Tenant): SmsGateway {
  if (body.preset !== undefined && body.preset !== before.preset)
    throw new Refusal('immutable', 'A preset is chosen when a gateway is made.')
  return changed(before, body, here)
}

function changed(before: SmsGateway, body: SmsGatewayWrite, here: Tenant): SmsGateway {
  const { name, notes, enabled, priority, url, method, headers, body: template, contentType, sender, success } = body
  const request = { url, method, headers, body: template, contentType, success }
  const given = { name, notes, enabled, priority, sender, ...request } as Partial<SmsGateway>
  const { secrets: _, ...rest } = merged<SmsGateway>(before, given)
  if (Object.keys(body.secrets ?? {}).some(one => !secretName.test(one)))
    throw wrong('Names of secrets are a letter and up to 39 letters, digits, _ or -.')
  const secrets = mergedSecrets(here, 'smsGateways', before.code, before.secrets, body.secrets)
  if (Object.keys(secrets).length > MOST_SECRETS) throw wrong(`There are at most ${MOST_SECRETS} secrets.`)
  if (hidden.test(`${rest.name}${rest.sender ?? ''}`)) throw wrong('name and sender are printable text.')
  const gateway = Object.keys(secrets).length === 0 ? rest : { ...rest, secrets }
  assertSms(gateway)
  return gateway
}
