/**
 * Which rules of its policy a new password breaks; the names are those of the reference's `constraints`.
 *
 * Lengths count code points of the NFC form, which is also the form to hash, so that one keyboard's ü is another's.
 * `notOldPassword` is not answered here: it needs slow hashes, and the corridor that holds a place for them asks it.
 */
import { commonPasswords } from '#domain/common-passwords.ts'

export type CharacterRange = 'onlyNum' | 'onlyAlpha' | 'onlyAlphaNum'

export interface PasswordRules {
  readonly minLength: number
  readonly maxLength: number
  /** How many different characters there must be. */
  readonly minDiffChars: number
  readonly atLeastOneUp: boolean
  readonly atLeastOneLow: boolean
  readonly atLeastOneNum: boolean
  readonly atLeastOneSpecial: boolean
  readonly characterRange?: CharacterRange
  readonly notBlackListed: boolean
  /** How many former passwords may not come back; 0 for none. */
  readonly notOldPassword: number
  readonly notSequence: boolean
  readonly notUserAttribute: boolean
}

export type PasswordRule = keyof PasswordRules

/** No policy may ask for more, and nothing longer is ever hashed. */
export const LONGEST_PASSWORD = 128
const characterRanges: Readonly<Record<CharacterRange, RegExp>> = {
  onlyNum: /^\p{Nd}*$/u,
  onlyAlpha: /^\p{L}*$/u,
  onlyAlphaNum: /^[\p{L}\p{Nd}]*$/u,
}
const SHORTEST_RUN = 4
const SHORTEST_ATTRIBUTE = 4
const keyboard = ['qwertyuiop', 'qwertzuiop', 'azertyuiop', 'asdfghjkl', 'zxcvbnm', 'yxcvbnm', '1234567890']
const lookAlikes: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'l',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

/** The rules that the password breaks, in the order of the policy; empty when it is allowed. */
export function brokenRules(
  password: string,
  rules: PasswordRules,
  person: { readonly userAttributes: readonly string[] },
): readonly PasswordRule[] {
  // A code point of the NFC form comes from four UTF-16 units at most: nothing longer is worth normalising.
  if (password.length > 4 * LONGEST_PASSWORD) return ['maxLength']
  const text = password.normalize('NFC')
  const characters = [...text]
  const longest = Math.min(rules.maxLength, LONGEST_PASSWORD)
  const checks: readonly (readonly [PasswordRule, boolean])[] = [
    ['minLength', characters.length >= rules.minLength],
    ['maxLength', characters.length <= longest],
    ['minDiffChars', new Set(characters).size >= rules.minDiffChars],
    ['atLeastOneUp', !rules.atLeastOneUp || /\p{Lu}/u.test(text)],
    ['atLeastOneLow', !rules.atLeastOneLow || /\p{Ll}/u.test(text)],
    ['atLeastOneNum', !rules.atLeastOneNum || /\p{Nd}/u.test(text)],
    ['atLeastOneSpecial', !rules.atLeastOneSpecial || /[^\p{L}\p{Nd}]/u.test(text)],
    ['characterRange', rules.characterRange === undefined || characterRanges[rules.characterRange].test(text)],
    ['notBlackListed', !rules.notBlackListed || !isCommon(text)],
    ['notSequence', !rules.notSequence || !isSequence(characters)],
    ['notUserAttribute', !rules.notUserAttribute || !namesPerson(text, person.userAttributes)],
  ]
  return checks.filter(([, kept]) => !kept).map(([rule]) => rule)
}

/** A common word, also with digits and marks around it or with look-alikes in it: `P@ssw0rd1!`. */
function isCommon(text: string): boolean {
  const lower = text.toLowerCase()
  const bare = lower.replace(/^[^\p{L}]+/u, '').replace(/[^\p{L}]+$/u, '')
  const trimmed = lower.replace(/[0-9]{0,8}[^\p{L}0-9]{0,8}$/u, '')
  return [lower, bare, trimmed].some(form => commonPasswords.has(form) || commonPasswords.has(plain(form)))
}

function plain(form: string): string {
  return [...form].map(character => lookAlikes[character] ?? character).join('')
}

/** A run of neighbours (up, down, equal, along a keyboard row) that makes up at least half of the password. */
function isSequence(characters: readonly string[]): boolean {
  const lower = characters.map(character => character.toLowerCase())
  let longest = 1
  let run = 1
  let direction: number | undefined
  for (let i = 1; i < lower.length; i++) {
    const step = stepBetween(lower[i - 1]!, lower[i]!)
    run = step === undefined ? 1 : step === direction ? run + 1 : 2
    direction = step
    longest = Math.max(longest, run)
  }
  return longest >= SHORTEST_RUN && longest * 2 >= characters.length
}

/** Codes 0, 1, −1 for neighbours in the alphabet, more for keyboard rows, undefined for strangers. */
function stepBetween(one: string, next: string): number | undefined {
  const step = next.codePointAt(0)! - one.codePointAt(0)!
  if (Math.abs(step) <= 1) return step
  const row = keyboard.findIndex(keys => keys.includes(one + next))
  if (row >= 0) return 2 + row
  const back = keyboard.findIndex(keys => keys.includes(next + one))
  return back >= 0 ? -2 - back : undefined
}

function namesPerson(text: string, attributes: readonly string[]): boolean {
  const lower = text.toLowerCase()
  return attributes.some(attribute => {
    const whole = attribute.normalize('NFC').toLowerCase()
    if (whole === lower) return true
    const parts = [whole, ...whole.split(/[^\p{L}\p{N}]+/u)]
    return parts.some(part => [...part].length >= SHORTEST_ATTRIBUTE && lower.includes(part))
  })
}
