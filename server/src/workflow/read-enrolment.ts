/** An entry of `enrollActions` or `enrollProtectionFactors`. */
import { bounds } from '#workflow/bounds.ts'
import {
  ATTACHMENTS,
  ATTESTATIONS,
  BINDINGS,
  ENROL_CLASSES,
  type EnrolAction,
  type ProtectionFactor,
} from '#workflow/enrolment.ts'
import { FACTOR_CLASSES, VERIFICATIONS } from '#workflow/factor.ts'
import { given } from '#workflow/given.ts'
import { type Members, membersOf, textOf } from '#workflow/members.ts'
import type { Notes } from '#workflow/problem.ts'
import { readClass, readCriteriaName, readTexts } from '#workflow/read-factor.ts'

const ENROL_ACTION = [
  ...['enrollId', 'accessCriteriaId', 'type', 'class', 'code', 'retry', 'protectionFactor'],
  ...['deviceBinding', 'deviceType', 'credentialType', 'rpId', 'userVerification', 'residentKey'],
  ...['authenticatorAttachment', 'attestationVerification', 'allowedAAGUIDs', 'allowedCards'],
]

export function readEnrolAction(value: unknown, at: string, notes: Notes): EnrolAction | undefined {
  const members = membersOf(value, at, notes, ENROL_ACTION)
  if (!members) return undefined
  return {
    at,
    id: members.neededText('enrollId'),
    criteria: readCriteriaName(members),
    class: readClass(members, ENROL_CLASSES),
    code: members.neededText('code'),
    ...given({
      retry: members.whole('retry', bounds.retry),
      protectionFactor: members.reference('protectionFactor'),
      deviceBinding: members.word('deviceBinding', BINDINGS),
      deviceType: members.text('deviceType', bounds.id),
      credentialType: members.text('credentialType', bounds.id),
      rpId: members.text('rpId'),
      userVerification: members.word('userVerification', VERIFICATIONS),
      residentKey: members.word('residentKey', VERIFICATIONS),
      authenticatorAttachment: members.word('authenticatorAttachment', ATTACHMENTS),
      attestationVerification: members.word('attestationVerification', ATTESTATIONS),
      allowedAAGUIDs: members.has('allowedAAGUIDs') ? readModels(members) : undefined,
      allowedCards: members.has('allowedCards') ? readTexts(members, 'allowedCards') : undefined,
    }),
  }
}

export function readProtectionFactor(value: unknown, at: string, notes: Notes): ProtectionFactor | undefined {
  const members = membersOf(value, at, notes, ['protectionFactorId', 'code', 'type', 'class', 'retry'])
  if (!members) return undefined
  return {
    at,
    id: members.neededText('protectionFactorId'),
    code: members.neededText('code'),
    class: readClass(members, FACTOR_CLASSES),
    ...given({ retry: members.whole('retry', bounds.retry) }),
  }
}

const AAGUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function readModels(members: Members): readonly string[] {
  return members.list('allowedAAGUIDs', bounds.allowed, (item, at) => {
    const model = textOf(item, at, members.notes, bounds.id)?.toLowerCase()
    if (model !== undefined && !AAGUID.test(model))
      members.notes.problem(at, 'an AAGUID: 32 hex digits in five groups', item)
    return model
  })
}
