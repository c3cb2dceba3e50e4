/**
 * The values of a transaction as one OCRA question (RFC 6287 section 7.3 leaves the form to the application).
 *
 * Joined by a character that no value may contain, so 1122|3344 never equals 11|223344 and how many values there are
 * can be read back from the text. docs/standards/transaction-signing.md publishes the rule and its vectors.
 */
export const JOINER = '*'
export const LONGEST_SIGNING_QUESTION = 64

const joinerForm = /^[!-/:-@[-`{-~]$/
const valueForm = /^[\x20-\x7e]+$/

/**
 * The question, or undefined when there is no value, when one is empty, holds the joiner or anything but printable
 * ASCII, or when all together are too long.
 */
export function signingQuestion(
  values: readonly string[],
  { joiner = JOINER, longest = LONGEST_SIGNING_QUESTION }: { readonly joiner?: string; readonly longest?: number } = {},
): string | undefined {
  if (!joinerForm.test(joiner)) throw new RangeError('the joiner is one printable ASCII character, no letter, no digit')
  if (values.length === 0 || values.length > LONGEST_SIGNING_QUESTION) return undefined
  for (const value of values) {
    if (value.length > longest || value.includes(joiner) || !valueForm.test(value)) return undefined
  }
  const question = values.join(joiner)
  return question.length > Math.min(longest, LONGEST_SIGNING_QUESTION) ? undefined : question
}
