/**
 * Gateways for mail and for short messages. A secret stays with the server, and in the place of a request, that it was given for: who
 * changes where it goes gives it anew, or whoever may change a gateway could have its password sent to himself.
 */
import type { DocumentKind, OwnDocument } from '#administration/document-kind.ts'
import type { Configuration } from '#domain/configuration.ts'
import { type MailGateway, type SecretsList, type SmsGateway, secretPlace } from '#domain/gateway.ts'
import type { Sealer } from '#domain/ports/sealer.ts'
import { Refusal } from '#domain/refusal.ts'

/** Sealed to the document they are written into. */
export function sealedSecrets(
  sealer: Sealer,
  list: SecretsList,
  code: string,
  plain: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(plain).map(([name, text]) => {
      const sealed = sealer.seal(secretPlace(list, code, name), Buffer.from(text, 'utf8'))
      return [name, Buffer.from(sealed).toString('base64url')]
    }),
  )
}

type Rules = Pick<DocumentKind<MailGateway | SmsGateway>, 'most' | 'refusalOfRemoval'>

const common: Rules = {
  most: 20,
  refusalOfRemoval: ({ code }: OwnDocument, { policies }: Configuration) => {
    const holder = policies.find(({ deliveryGateways }) => deliveryGateways?.includes(code))
    return holder && new Refusal('action_not_possible', `The policy ${holder.code} names it.`)
  },
}

export const mailGatewayKind: DocumentKind<MailGateway> = {
  ...common,
  list: 'mailGateways',
  noun: 'mail gateway',
  event: 'MailGateway',
  parameter: 'TEXT2',
  find: (configuration, code) => configuration.findMailGateway(code),
  all: configuration => configuration.mailGateways,
  refusalOf: (gateway, { configuration, before }) =>
    keptBy(before, gateway, ({ host, port, security }) => `${host} ${port} ${security}`) ??
    ambiguous(configuration.findSmsGateway(gateway.code)),
}

export const smsGatewayKind: DocumentKind<SmsGateway> = {
  ...common,
  list: 'smsGateways',
  noun: 'SMS gateway',
  event: 'SmsGateway',
  parameter: 'TEXT2',
  find: (configuration, code) => configuration.findSmsGateway(code),
  all: configuration => configuration.smsGateways,
  refusalOf: (gateway, { configuration, before }) =>
    keptBy(before, gateway, placesOfSecrets) ?? ambiguous(configuration.findMailGateway(gateway.code)),
}

/** The host, and every template that a secret stands in: moved into the text of a message, it would arrive on a phone. */
function placesOfSecrets({ url, headers, body }: SmsGateway): string {
  const templates = [['url', url], ['body', body], ...Object.entries(headers).sort()]
  return JSON.stringify([
    new URL(url).origin,
    ...templates.filter(([, text = '']) => /\{\$(?:secret|basic)\./.test(text)),
  ])
}

function keptBy<G extends MailGateway | SmsGateway>(
  before: G | undefined,
  after: G,
  leads: (gateway: G) => string,
): Refusal | undefined {
  if (!before || leads(before) === leads(after)) return undefined
  const kept = Object.entries(after.secrets ?? {}).find(([name, sealed]) => before.secrets?.[name] === sealed)
  return kept && new Refusal('invalid_value', `Its secrets would go elsewhere: give them anew (${kept[0]}).`)
}

/** Policies name gateways of both kinds in one list. */
function ambiguous(other: OwnDocument | undefined): Refusal | undefined {
  return other && new Refusal('uniqueness', `There is a gateway ${other.code} of the other kind.`)
}
