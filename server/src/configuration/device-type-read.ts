/**
 * What a caller writes → a device type. A new one starts as the type that `copyFrom` names, or as an approve app with nothing but its
 * Push extension. The Token extension is that of the copied type and cannot be written; whether all of it fits
 * together is judged in the corridor.
 */
import {
  DEVICE_TYPE_PUSH,
  DEVICE_TYPE_TOKEN,
  type DeviceTypeWrite,
  type PushTypeWire,
} from '@countersign/protocol/configuration/device-type.ts'
import { deviceTypeOnWire, pushWire } from '#configuration/device-type-wire.ts'
import { merged } from '#configuration/merged.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { DeviceType, Protection, PushModel } from '#domain/device-type.ts'
import { Refusal } from '#domain/refusal.ts'

const codeForm = /^DT_[A-Z0-9_]{1,17}$/
const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

/** Where a new app says nothing. */
const usual = {
  keysProtectionPolicies: { type: 'device' },
  ocraFields: [],
  requestTemplates: {},
  keysRefreshPeriod: 3650,
  inviteLifeSeconds: 3600,
  activationConfirm: false,
  OPMODE: 'default',
} satisfies Partial<PushTypeWire>

export function newDeviceType(body: DeviceTypeWrite, configuration: Configuration): DeviceType {
  const { id: code = '', copyFrom, name } = body
  if (!codeForm.test(code)) throw wrong('id is DT_ and 1 to 17 capitals, digits or _.')
  const base = copyFrom === undefined ? blank(body) : configuration.findDeviceType(copyFrom)
  if (!base) throw wrong('copyFrom is not the id of a device type.')
  return changedDeviceType({ ...base, code, name: name ?? code, readOnly: false }, body)
}

export function changedDeviceType(before: DeviceType, body: DeviceTypeWrite): DeviceType {
  const push = pushOf(before, body[DEVICE_TYPE_PUSH])
  assertSameToken(before, body)
  const { notes: _, ...rest } = before
  const notes = body.notes === undefined ? before.notes : body.notes
  const keys = push && Object.values(push.keys)
  const swapped = push !== undefined && body.allowedCredentialTypes === undefined
  return {
    ...rest,
    name: body.name ?? before.name,
    ...(notes == null ? {} : { notes }),
    // The credential types of an app are those of its keys, unless somebody insists.
    defaultCredentialType: body.defaultCredentialTypeCode ?? push?.keys.logon ?? before.defaultCredentialType,
    allowedCredentialTypes: swapped ? (keys ?? []) : (body.allowedCredentialTypes ?? before.allowedCredentialTypes),
    maximumDevicePerUser: body.maximumDevicePerUser ?? before.maximumDevicePerUser,
    ...(push ? { push } : {}),
  }
}

function blank(body: DeviceTypeWrite): DeviceType {
  const written = { ...usual, ...body[DEVICE_TYPE_PUSH] }
  const { credentialTypes, serviceName } = written
  if (!credentialTypes || serviceName === undefined)
    throw wrong('A device type needs copyFrom, or the Push extension with credentialTypes and serviceName.')
  const push = readPush(merged<PushTypeWire>({ ...usual, credentialTypes, serviceName }, written))
  return {
    code: '',
    name: '',
    readOnly: false,
    defaultCredentialType: credentialTypes.logon,
    allowedCredentialTypes: Object.values(credentialTypes),
    maximumDevicePerUser: -1,
    push,
  }
}

function pushOf({ push }: DeviceType, written: DeviceTypeWrite[typeof DEVICE_TYPE_PUSH]): PushModel | undefined {
  if (!written) return push
  if (!push) throw new Refusal('immutable', 'This type is no approve app: it has no Push extension.')
  return readPush(merged<PushTypeWire>(pushWire(push), written))
}

function readPush(wire: PushTypeWire): PushModel {
  return {
    keys: wire.credentialTypes,
    protection: readProtection(wire.keysProtectionPolicies),
    serviceName: printable('serviceName', wire.serviceName),
    ...(wire.colour === undefined ? {} : { colour: wire.colour.toLowerCase() }),
    labels: wire.ocraFields.map(label => printable('ocraFields', label)),
    templates: wire.requestTemplates,
    renewAfter_days: wire.keysRefreshPeriod,
    inviteLife_seconds: wire.inviteLifeSeconds,
    activationConfirm: wire.activationConfirm,
    operationMode: wire.OPMODE,
  }
}

/** What stands on a screen before a user signs hides and turns nothing. */
function printable(name: string, text: string): string {
  if (/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/u.test(text) || text.trim() !== text)
    throw wrong(`${name} is printable text without blanks around it.`)
  return text
}

function readProtection(wire: PushTypeWire['keysProtectionPolicies']): Protection {
  const { type, minLength, maxLength, digitsOnly, maxAttempts, lockSeconds } = wire
  if (type === 'device') {
    if (Object.keys(wire).length > 1)
      throw wrong('keysProtectionPolicies: the rules of a password need the type password.')
    return { kind: 'device' }
  }
  if (minLength === undefined || maxAttempts === undefined || lockSeconds === undefined)
    throw wrong('keysProtectionPolicies: a password needs minLength, maxAttempts and lockSeconds.')
  return {
    kind: 'password',
    minLength,
    maxLength: maxLength ?? 64,
    digitsOnly: digitsOnly ?? false,
    maxAttempts,
    lock_seconds: lockSeconds,
  }
}

/** A document that was read may be written back. */
function assertSameToken(before: DeviceType, body: object): void {
  const written = (body as Record<string, unknown>)[DEVICE_TYPE_TOKEN]
  if (written === undefined || written === null) return
  const kept = deviceTypeOnWire(before, '')[DEVICE_TYPE_TOKEN]
  if (JSON.stringify(sorted(written)) !== JSON.stringify(sorted(kept)))
    throw new Refusal('immutable', 'The Token extension is that of the type that was copied.')
}

const sorted = (value: unknown) => (typeof value === 'object' && value !== null ? Object.entries(value).sort() : value)
