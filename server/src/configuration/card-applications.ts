/**
 * Applications of contactless cards: `/configuration/{tenant}/v2/Application/CardAuth`. Made and removed, never changed, as the reference
 * has it: what a card of an application proves stays. The master key is sealed when it is given and shown to nobody.
 */
import {
  CARD_AUTH,
  type CardAuthWire,
  type CardAuthWrite,
  cardAuthWire,
  cardAuthWrite,
} from '@countersign/protocol/configuration/card-auth.ts'
import { cardApplicationKind } from '#administration/card-application-kind.ts'
import { sealedSecrets } from '#administration/message-gateway-rules.ts'
import { readDocuments } from '#configuration/read-documents.ts'
import { writeDocuments } from '#configuration/write-documents.ts'
import {
  ANY_CARD,
  type CardApplication,
  type CardRules,
  cardCredentialTypeCode,
  cardDeviceTypeCode,
  cardPolicy,
  cardPolicyCode,
} from '#domain/card-application.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { Policy } from '#domain/policy.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Endpoint } from '#http/endpoint.ts'

const codeForm = /^[A-Z][A-Z0-9_]{1,31}$/
const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

const kind = {
  path: '/configuration/{tenant}/v2/Application/CardAuth',
  noun: 'card application',
  shape: cardAuthWire,
  list: cardApplicationKind.all,
  find: cardApplicationKind.find,
  onWire,
}

export const cardApplications: readonly Endpoint[] = [
  ...readDocuments(kind),
  ...writeDocuments({
    ...kind,
    rules: cardApplicationKind,
    writeShape: cardAuthWrite,
    create,
    change: before => before,
  }).filter(({ method }) => method !== 'PUT'),
]

function create(body: CardAuthWrite, configuration: Configuration, { sealer }: Tenant): CardApplication {
  const { id: code = '', name = code, notes, deviceType: device = {}, proof } = body
  if (!codeForm.test(code)) throw wrong('id is a capital and 1 to 31 capitals, digits or _.')
  const types = [...new Set([body.type ?? []].flat())]
  if (types.length === 0) throw wrong('type names no make of cards.')
  const key = proof?.masterKey
  return {
    code,
    name,
    ...(notes === undefined ? {} : { notes }),
    types,
    ...(proof === undefined ? {} : { proof: proof.type }),
    ...(key === undefined ? {} : { secrets: sealedSecrets(sealer, 'cardApplications', code, { masterKey: key }) }),
    deviceName: device.name ?? name,
    ...(device.notes === undefined ? {} : { deviceNotes: device.notes }),
    maximumDevicePerUser: numberOf(device.maximumDevicePerUser, 1),
    rules: rulesOf(body.authenticatorPolicy, anyCard(configuration)),
  }
}

function rulesOf(given: CardAuthWrite['authenticatorPolicy'] = {}, stock: Policy): CardRules {
  const { levelOfAssurance } = given
  return {
    disableThreshold: numberOf(given.disableThreshold, stock.disableThreshold),
    disabledTimeReset_seconds: numberOf(given.disabledTimeReset, stock.disabledTimeReset_seconds),
    defaultExpiryThreshold: numberOf(given.defaultExpiryThreshold, stock.defaultExpiryThreshold),
    sessionIdle_ms: numberOf(given.sessionTimeout, stock.sessionIdle_ms),
    sessionValid_ms: numberOf(given.sessionValidPeriod, stock.sessionValid_ms),
    ...(levelOfAssurance ? { levelOfAssurance } : {}),
  }
}

const numberOf = (given: number | string | undefined, usual: number) => (given === undefined ? usual : Number(given))

function onWire(application: CardApplication, location: string, configuration: Configuration): CardAuthWire {
  const { code, name, notes, types, proof, deviceName, deviceNotes, maximumDevicePerUser, version } = application
  const policy = cardPolicy(anyCard(configuration), application)
  return {
    schemas: [CARD_AUTH],
    id: code,
    name,
    ...(notes === undefined ? {} : { notes }),
    type: [...types],
    deviceType: {
      devicetypeId: cardDeviceTypeCode(code),
      id: cardDeviceTypeCode(code),
      name: deviceName,
      ...(deviceNotes === undefined ? {} : { notes: deviceNotes }),
      maximumDevicePerUser,
    },
    credentialType: { id: cardCredentialTypeCode(code) },
    authenticatorPolicy: {
      authenticatorPolicyId: cardPolicyCode(code),
      id: cardPolicyCode(code),
      disableThreshold: policy.disableThreshold,
      defaultExpiryThreshold: policy.defaultExpiryThreshold,
      sessionTimeout: policy.sessionIdle_ms,
      sessionValidPeriod: policy.sessionValid_ms,
      disabledTimeReset: policy.disabledTimeReset_seconds,
      levelOfAssurance: policy.levelOfAssurance,
    },
    ...(proof === undefined ? {} : { proof: { type: proof } }),
    meta: { resourceType: 'Card Auth Application', location, version: version ?? 1 },
  }
}

function anyCard({ findPolicy }: Configuration): Policy {
  const policy = findPolicy(ANY_CARD)
  if (!policy) throw new Fault(`the stock has no ${ANY_CARD}`)
  return policy
}
