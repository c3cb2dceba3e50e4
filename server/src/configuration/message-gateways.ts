/** Roads for mail and short messages: `/configuration/{tenant}/v2/DeliveryGateway/Mail` and `…/Sms`. */
import {
  type MailGatewayWrite,
  mailGatewayWire,
  mailGatewayWrite,
} from '@countersign/protocol/configuration/mail-gateway.ts'
import {
  type SmsGatewayWrite,
  smsGatewayWire,
  smsGatewayWrite,
} from '@countersign/protocol/configuration/sms-gateway.ts'
import { mailGatewayKind, smsGatewayKind } from '#administration/message-gateway-rules.ts'
import { changedMailGateway, mailGatewayOnWire, newMailGateway } from '#configuration/mail-gateway-wire.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import { changedSmsGateway, newSmsGateway, smsGatewayOnWire } from '#configuration/sms-gateway-wire.ts'
import { writeDocuments } from '#configuration/write-documents.ts'
import type { Endpoint } from '#http/endpoint.ts'

const mail = {
  path: '/configuration/{tenant}/v2/DeliveryGateway/Mail',
  noun: 'mail gateway',
  shape: mailGatewayWire,
  list: mailGatewayKind.all,
  find: mailGatewayKind.find,
  onWire: mailGatewayOnWire,
}

const sms = {
  path: '/configuration/{tenant}/v2/DeliveryGateway/Sms',
  noun: 'SMS gateway',
  shape: smsGatewayWire,
  list: smsGatewayKind.all,
  find: smsGatewayKind.find,
  onWire: smsGatewayOnWire,
}

export const messageGateways: readonly Endpoint[] = [
  ...readDocuments(mail),
  ...writeDocuments({
    ...mail,
    rules: mailGatewayKind,
    writeShape: mailGatewayWrite,
    create: (body: MailGatewayWrite, _configuration, here) => newMailGateway(body, here),
    change: changedMailGateway,
  }),
  ...readDocuments(sms),
  ...writeDocuments({
    ...sms,
    rules: smsGatewayKind,
    writeShape: smsGatewayWrite,
    create: (body: SmsGatewayWrite, _configuration, here) => newSmsGateway(body, here),
    change: changedSmsGateway,
  }),
]
