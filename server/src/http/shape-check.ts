/**
 * Checks a value against an endpoint's TypeBox shape, compiled to plain code when the first value comes: most servers never see
 * most endpoints, and compiling all would be a tenth of the start. `route-coverage.test.ts` shows that each shape can be compiled.
 * What does not fit is refused with the place and the rule that failed, never with the value: values may be secrets.
 */

import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/schema'
import { Refusal, type RefusalCode } from '#domain/refusal.ts'

/** Throws a Refusal of the code it was made with. */
export type ShapeCheck = (value: unknown) => void

const place = /^[A-Za-z0-9_./:-]{1,60}$/

export function shapeCheck(shape: TSchema, code: RefusalCode): ShapeCheck {
  let validator: Validator | undefined
  return value => {
    validator ??= Compile(shape)
    if (!validator.Check(value)) throw new Refusal(code, hintOf(validator.Errors(value)[1]))
  }
}

interface Mismatch {
  readonly keyword: string
  readonly instancePath: string
  readonly params: object
}

function hintOf(mismatches: readonly Mismatch[]): string {
  const first = mismatches[0]
  if (first === undefined) return 'The request does not have the shape that is expected here.'
  if (first.keyword === 'required' && 'requiredProperties' in first.params) {
    const names = (first.params.requiredProperties as readonly string[]).slice(0, 5)
    return `Missing: ${names.join(', ')}.`
  }
  // Member names come from the caller: only plain ones are repeated.
  const where = place.test(first.instancePath) ? `${first.instancePath.slice(1).replaceAll('/', '.')}: ` : ''
  return `${where}a value is not of the kind that is expected here (${first.keyword}).`
}
