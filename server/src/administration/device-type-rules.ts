/**
 * When a device type may be saved. Its credential types exist and serve what they are named for; a protection that guards nothing and
 * settings that undo each other are refused (rule C4). While devices of the type are about, their keys stay of their types.
 */
import type { Circumstances, DocumentKind } from '#administration/document-kind.ts'
import type { Configuration } from '#domain/configuration.ts'
import { oathSettingsOf } from '#domain/credential-type.ts'
import type { DeviceType, Protection, PushModel } from '#domain/device-type.ts'
import { Refusal } from '#domain/refusal.ts'

const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

/** Digits are ten to a place: shorter ones are found by trying. */
const LEAST_DIGITS = 6
const placeholder = /\{[A-Za-z0-9_]{1,32}\}/g

export const deviceTypeKind: DocumentKind<DeviceType> = {
  list: 'deviceTypes',
  noun: 'device type',
  event: 'DeviceType',
  parameter: 'DTC',
  find: (configuration, code) => configuration.findDeviceType(code),
  all: configuration => configuration.deviceTypes,
  refusalOf: refusalOfDeviceType,
  use: (queries, tenant, code) => queries.deviceOfType(tenant, code),
}

function refusalOfDeviceType(
  type: DeviceType,
  { configuration, before, inUse }: Circumstances<DeviceType>,
): Refusal | undefined {
  const { allowedCredentialTypes: allowed, defaultCredentialType, push } = type
  if (new Set(allowed).size !== allowed.length) return wrong('allowedCredentialTypes names one twice.')
  if (!allowed.includes(defaultCredentialType)) return wrong('defaultCredentialTypeCode is not among the allowed ones.')
  const missing = allowed.find(code => !configuration.findCredentialType(code))
  if (missing !== undefined) return wrong(`There is no credential type ${missing}.`)
  if (inUse && before && keysOf(before) !== keysOf(type)) {
    return new Refusal('immutable', 'Devices of this type are in use: the credential types of their keys stay.')
  }
  if (before && (before.push === undefined) !== (push === undefined))
    return new Refusal('immutable', 'An approve app stays one, and a token stays one.')
  if (before && (before.oob === undefined) !== (type.oob === undefined))
    return new Refusal('immutable', 'What gets codes by mail or SMS stays that.')
  if (type.oob) return refusalOfMailbox(type, configuration)
  if (configuration.findCredentialType(defaultCredentialType)?.factor === 'fido') {
    return refusalOfPasskey(type, configuration)
  }
  if (!push) return refusalOfToken(type, configuration)
  return refusalOfKeys(type, push, configuration) ?? refusalOfProtection(push.protection) ?? refusalOfTexts(push)
}

const keysOf = ({ defaultCredentialType, allowedCredentialTypes, push }: DeviceType) =>
  JSON.stringify([defaultCredentialType, [...allowedCredentialTypes].sort(), push && Object.entries(push.keys).sort()])

function refusalOfToken(
  { allowedCredentialTypes, offline }: DeviceType,
  configuration: Configuration,
): Refusal | undefined {
  for (const code of allowedCredentialTypes) {
    const settings = oathSettingsOf(configuration.findCredentialType(code))
    if (!settings) return wrong(`${code} is not for tokens.`)
    if (offline && settings.use !== 'otp') return wrong(`${code} makes no one-time codes.`)
  }
  return undefined
}

function refusalOfMailbox({ allowedCredentialTypes }: DeviceType, configuration: Configuration): Refusal | undefined {
  const other = allowedCredentialTypes.find(code => configuration.findCredentialType(code)?.factor !== 'oob')
  return other === undefined ? undefined : wrong(`${other} is not for codes by mail or SMS.`)
}

function refusalOfPasskey(
  { allowedCredentialTypes, push, offline }: DeviceType,
  configuration: Configuration,
): Refusal | undefined {
  if (push || offline) return wrong('A passkey is made by its own authenticator, without an app of ours.')
  const other = allowedCredentialTypes.find(code => configuration.findCredentialType(code)?.factor !== 'fido')
  return other === undefined ? undefined : wrong(`${other} is not for passkeys.`)
}

function refusalOfKeys(type: DeviceType, { keys }: PushModel, configuration: Configuration): Refusal | undefined {
  for (const [use, code] of Object.entries(keys)) {
    const found = configuration.findCredentialType(code)
    const serves = found?.factor === 'push' || found?.factor === 'oath' ? found.settings.use : undefined
    if (serves !== use) return wrong(`${code} is no credential type for ${use}.`)
    if (!type.allowedCredentialTypes.includes(code)) return wrong(`${code} is not in allowedCredentialTypes.`)
  }
  if (type.allowedCredentialTypes.length !== Object.keys(keys).length) {
    return wrong('allowedCredentialTypes holds more than the credential types of the keys.')
  }
  return type.defaultCredentialType === keys.logon
    ? undefined
    : wrong('The default of an approve app is its logon key.')
}

function refusalOfProtection(protection: Protection): Refusal | undefined {
  if (protection.kind === 'device') return undefined
  const { minLength, maxLength, digitsOnly } = protection
  if (minLength > maxLength) return wrong('keysProtectionPolicies: minLength is above maxLength.')
  return digitsOnly && minLength < LEAST_DIGITS
    ? wrong(`keysProtectionPolicies: a password of digits has at least ${LEAST_DIGITS}.`)
    : undefined
}

function refusalOfTexts({ labels, templates }: PushModel): Refusal | undefined {
  if (new Set(labels).size !== labels.length) return wrong('ocraFields names one twice.')
  const broken = Object.entries(templates).find(([, text]) => /[{}]/.test(text.replace(placeholder, '')))
  return broken ? wrong(`requestTemplates: ${broken[0]} has a brace that is part of no {name}.`) : undefined
}
