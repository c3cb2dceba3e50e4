/** The file of a workflow that the terminal was given: read with bounds, and names out of it shown without harm. */
import { readFileSync, statSync } from 'node:fs'
import { Refusal } from '#domain/refusal.ts'
import { bounds } from '#workflow/bounds.ts'

/** A character has at most three bytes in UTF-8, or four that count as two. */
const LARGEST_FILE = 3 * bounds.text

/** Names come out of a stranger's file: what would move the cursor or turn the text round is shown, not obeyed. */
export function visible(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}]/gu, one => `\\u{${(one.codePointAt(0) as number).toString(16)}}`)
}

export function textOf(path: string): string {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (!facts?.isFile()) throw new Refusal('not_found', `There is no file ${path}.`)
  if (facts.size > LARGEST_FILE) throw new Refusal('too_large', `${path} is larger than ${LARGEST_FILE} bytes.`)
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readFileSync(path))
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new Refusal('invalid_value', `${path} is not text in UTF-8. Save it as UTF-8.`)
  }
}
