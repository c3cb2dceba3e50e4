/**
 * What a caller writes → a credential type. A new one starts as the type that `copyFrom` names, or as its OATH or push extension
 * says in full. For OCRA the suite (RFC 6287 section 6) says hash, digits and step; `signatureSeparator` makes it sign.
 */
import {
  CREDENTIAL_TYPE_OATH,
  CREDENTIAL_TYPE_OOB,
  CREDENTIAL_TYPE_PUSH,
  type CredentialTypeWrite,
  type OathCredentialWire,
  type OobCredentialWire,
  type PushCredentialWire,
} from '@countersign/protocol/configuration/credential-type.ts'
import { parseSuite } from '@countersign/protocol/oath/suite.ts'
import { oathWire, oobCredentialOnWire, pushCredentialOnWire } from '#configuration/credential-type-wire.ts'
import { merged } from '#configuration/merged.ts'
import type { Configuration } from '#domain/configuration.ts'
import type { CredentialType, OathSettings, PushSettings } from '#domain/credential-type.ts'
import { Refusal } from '#domain/refusal.ts'

const codeForm = /^CT_[A-Z0-9_]{1,17}$/
const wrong = (sentence: string) => new Refusal('invalid_value', sentence)

export function newCredentialType(body: CredentialTypeWrite, configuration: Configuration): CredentialType {
  const { id: code = '', copyFrom, name } = body
  if (!codeForm.test(code)) throw wrong('id is CT_ and 1 to 17 capitals, digits or _.')
  const own = { code, name: name ?? code, readOnly: false }
  if (copyFrom === undefined) return changedCredentialType({ ...own, ...blank(body) }, body)
  const base = configuration.findCredentialType(copyFrom)
  if (!base) throw wrong('copyFrom is not the id of a credential type.')
  return changedCredentialType({ ...base, ...own }, body)
}

export function changedCredentialType(before: CredentialType, body: CredentialTypeWrite): CredentialType {
  const { [CREDENTIAL_TYPE_OATH]: oath, [CREDENTIAL_TYPE_PUSH]: push, [CREDENTIAL_TYPE_OOB]: oob } = body
  const given = { oath, push, oob, fido: undefined, card: undefined, invite: undefined }
  if (Object.entries(given).some(([factor, extension]) => extension && factor !== before.factor))
    throw new Refusal('immutable', 'The extension is not that of this credential type.')
  const notes = body.notes === undefined ? before.notes : body.notes
  const { notes: _, ...rest } = before
  const own = { name: body.name ?? before.name, ...(notes == null ? {} : { notes }) }
  if (rest.factor === 'oath') {
    return { ...rest, ...own, settings: readOath(merged<OathCredentialWire>(oathWire(rest.settings), oath)) }
  }
  if (rest.factor === 'push') {
    return {
      ...rest,
      ...own,
      settings: readPush(merged<PushCredentialWire>(pushCredentialOnWire(rest.settings), push)),
    }
  }
  if (rest.factor === 'oob') {
    const wire = merged<OobCredentialWire>(oobCredentialOnWire(rest.settings), oob)
    return { ...rest, ...own, settings: { use: wire.use, digits: wire.codeLength, tries: wire.maximumTries } }
  }
  return { ...rest, ...own }
}

function blank(
  body: CredentialTypeWrite,
):
  | { readonly factor: 'oath'; readonly settings: OathSettings }
  | { readonly factor: 'push'; readonly settings: PushSettings } {
  const { [CREDENTIAL_TYPE_OATH]: oath, [CREDENTIAL_TYPE_PUSH]: push } = body
  if (oath && push) throw wrong('A credential type has one extension.')
  if (push?.algorithm && push.use) {
    return { factor: 'push', settings: { use: push.use, algorithm: push.algorithm, statuses: [] } }
  }
  if (oath?.algorithm && (oath.algorithm === 'OCRA' ? oath.ocraSuite : oath.otpLength)) {
    const { algorithm, otpLength = 6, timeStep } = oath
    const step = timeStep ?? (algorithm.startsWith('TOTP') ? 30 : 0)
    const start = { algorithm, otpLength, timeStep: step, synchWindow: 2, resynchWindow: 40 }
    return { factor: 'oath', settings: readOath(merged<OathCredentialWire>(start, oath)) }
  }
  throw wrong('A credential type needs copyFrom, or an extension with its algorithm and what that needs.')
}

function readPush({ use, algorithm, statuses = '' }: PushCredentialWire): PushSettings {
  return { use, algorithm, statuses: statuses === '' ? [] : statuses.split('|') }
}

function readOath(wire: OathCredentialWire): OathSettings {
  const tolerance = { window: wire.synchWindow, resync_window: wire.resynchWindow }
  if (wire.algorithm === 'OCRA') return { ...readOcra(wire), ...tolerance }
  const { ocraSuite, signatureSeparator, challengeLength, otpLength, timeStep } = wire
  if (ocraSuite !== undefined || signatureSeparator !== undefined || challengeLength !== undefined)
    throw wrong('ocraSuite, signatureSeparator and challengeLength are for OCRA.')
  const [algorithm, hash] = wire.algorithm.split('-') as ['HOTP' | 'TOTP', OathSettings['hash']]
  return { algorithm, hash, digits: otpLength, step_seconds: timeStep, use: 'otp', joiner: '', ...tolerance }
}

function readOcra({ ocraSuite = '', signatureSeparator = '', challengeLength }: OathCredentialWire) {
  const suite = parseSuite(ocraSuite)
  if (!suite || suite.digits === 0) throw wrong('ocraSuite is no suite of RFC 6287 that names its digits.')
  const signs = signatureSeparator !== ''
  if (signs && challengeLength !== undefined) throw wrong('A key that signs is asked no challenge: challengeLength.')
  if (challengeLength !== undefined && challengeLength > suite.question.length)
    throw wrong('challengeLength is above what the suite takes.')
  return {
    algorithm: 'OCRA',
    hash: suite.hash,
    digits: suite.digits,
    step_seconds: suite.step_seconds ?? 0,
    suite: suite.text,
    use: signs ? 'signing' : 'challenge',
    joiner: signatureSeparator,
    ...(challengeLength === undefined ? {} : { question_length: challengeLength }),
  } as const
}
