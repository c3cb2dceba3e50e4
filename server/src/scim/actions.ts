/**
 * Named actions posted to a resource (`RESET`, `DEVICE-CHALLENGE` …) and their answers: a list of named values, the one that is
 * wanted first (tolerance G2). Names of parameters are read in any case. A body that is no Action is refused.
 */
import type { ActionAnswer } from '@countersign/protocol/scim/action.ts'
import { urn } from '@countersign/protocol/scim/urn.ts'
import { Refusal } from '#domain/refusal.ts'
import { membersOf } from '#scim/members.ts'

const MOST_PARAMETERS = 50
const LONGEST_NAME = 64
const LONGEST_VALUE = 1024

export interface ActionRequest {
  readonly action: string
  /** An empty text is no value. */
  value(name: string): string | undefined
}

export function readAction(body: unknown): ActionRequest {
  const members = membersOf(body).group(urn.action)
  const action = members?.text('action', LONGEST_NAME)?.toUpperCase()
  if (members === undefined || !action) throw new Refusal('invalid_value', 'The body holds no Action.')
  const values = new Map<string, string>()
  for (const written of members.list('attributes', MOST_PARAMETERS) ?? []) {
    const parameter = membersOf(written, 'attributes')
    const name = parameter.text('name', LONGEST_NAME)?.toUpperCase()
    if (!name) throw new Refusal('invalid_value', 'A parameter of an action has a name.')
    if (values.has(name)) throw new Refusal('invalid_value', 'A parameter of the action is given twice.')
    values.set(name, parameter.text('value', LONGEST_VALUE) ?? '')
  }
  return { action, value: name => values.get(name) || undefined }
}

/** A value that does not exist has no `value` member. */
export function actionAnswer(values: readonly (readonly [name: string, value?: string])[]): ActionAnswer {
  return {
    schemas: [urn.action],
    attributes: values.map(([name, value]) => ({
      name,
      type: 'string',
      ...(value === undefined ? {} : { value }),
      readOnly: false,
    })),
  }
}

export const unknownAction = () => new Refusal('unsupported_value', 'This action is not known here.')
