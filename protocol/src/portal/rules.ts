/**
 * The constraints of a password as they are shown before it is typed and looked at while it is. The server's verdict is the one that
 * counts; rules that need its knowledge (black list, former passwords, the person's data) are shown and left open here.
 * Lengths count code points of the NFC form, as the server does.
 */
import type { Constraints } from './flow.ts'

export const RULES = [
  'minLength',
  'maxLength',
  'minDiffChars',
  'characterRange',
  'atLeastOneUp',
  'atLeastOneLow',
  'atLeastOneNum',
  'atLeastOneSpecial',
  'notSequence',
  'notBlackListed',
  'notUserAttribute',
  'notOldPassword',
] as const
export type RuleName = (typeof RULES)[number]

export type CharacterRange = 'onlyNum' | 'onlyAlpha' | 'onlyAlphaNum'
const RANGES: Readonly<Record<CharacterRange, RegExp>> = {
  onlyNum: /^\p{Nd}*$/u,
  onlyAlpha: /^\p{L}*$/u,
  onlyAlphaNum: /^[\p{L}\p{Nd}]*$/u,
}
// Nobody types against a limit that is far away: it is checked, not shown.
const SHOWN_MAXIMUM = 30

export function rangeOf({ characterRange }: Constraints): CharacterRange | undefined {
  return (Object.keys(RANGES) as CharacterRange[]).find(one => one === characterRange)
}

export const numberIn = (constraints: Constraints, name: string): number => Number(constraints[name] ?? 0) || 0

/** The rules worth a line. */
export function rulesIn(constraints: Constraints): readonly RuleName[] {
  return RULES.filter(name => {
    if (name === 'minLength' || name === 'minDiffChars') return numberIn(constraints, name) > 1
    if (name === 'maxLength') return numberIn(constraints, name) > 0 && numberIn(constraints, name) <= SHOWN_MAXIMUM
    if (name === 'characterRange') return rangeOf(constraints) !== undefined
    return constraints[name] === true || constraints[name] === 'true' || numberIn(constraints, name) > 0
  })
}

/** Undefined: only the server can tell. */
export function keepsRule(name: RuleName, constraints: Constraints, password: string): boolean | undefined {
  const text = password.normalize('NFC')
  switch (name) {
    case 'minLength':
      return [...text].length >= numberIn(constraints, name)
    case 'maxLength':
      return [...text].length <= numberIn(constraints, name)
    case 'minDiffChars':
      return new Set(text).size >= numberIn(constraints, name)
    case 'characterRange': {
      const range = rangeOf(constraints)
      return range === undefined || RANGES[range].test(text)
    }
    case 'atLeastOneUp':
      return /\p{Lu}/u.test(text)
    case 'atLeastOneLow':
      return /\p{Ll}/u.test(text)
    case 'atLeastOneNum':
      return /\p{Nd}/u.test(text)
    case 'atLeastOneSpecial':
      return /[^\p{L}\p{Nd}]/u.test(text)
    default:
      return undefined
  }
}
