/** What workflows and themes have in common: an envelope around a payload that comes back as it was written, and an id of the caller's. */
import {
  CUSTOMIZATION,
  type CustomizationWire,
  type CustomizationWrite,
} from '@countersign/protocol/configuration/customization.ts'
import { Refusal } from '#domain/refusal.ts'

const codeForm = /^[A-Za-z0-9][A-Za-z0-9_.-]{1,63}$/

/** The reference names one permission for each method. */
export const customizationPermissions = {
  read: 'customization.read',
  create: 'customization.create',
  update: 'customization.update',
  remove: 'customization.delete',
} as const

interface Customized {
  readonly code: string
  readonly version?: number
  readonly payload: unknown
}

export const customizationOnWire =
  (resourceType: string) =>
  ({ code, version, payload }: Customized, location: string): CustomizationWire => ({
    schemas: [CUSTOMIZATION],
    id: code,
    payload,
    readOnly: version === undefined,
    meta: { resourceType, location, version: version ?? 1 },
  })

export function newCode({ id = '' }: CustomizationWrite): string {
  if (codeForm.test(id)) return id
  throw new Refusal('invalid_value', '/id: expected 2 to 64 letters, digits, _, - or ., the first a letter or a digit.')
}

interface Problem {
  readonly at: string
  readonly expected: string
  readonly found: string
}

const SHOWN = 5

/** All in one sentence, because who mends a document wants them at once. */
export function refuseProblems(problems: readonly Problem[]): void {
  if (problems.length === 0) return
  const told = problems.slice(0, SHOWN).map(({ at, expected, found }) => `${at}: expected ${expected}; found ${found}.`)
  const rest = problems.length > SHOWN ? [`And ${problems.length - SHOWN} more.`] : []
  throw new Refusal('invalid_value', [...told, ...rest].join(' '))
}
