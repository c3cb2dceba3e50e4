/** A file that a command in the office names is opened by the server that may run: only a whole path means the same there. */
import { isAbsolute } from 'node:path'
import { Refusal } from '#domain/refusal.ts'

export function wholePath(text: string): string {
  if (isAbsolute(text)) return text
  throw new Refusal(
    'invalid_value',
    `Give the whole path: a running server would look for ${text.slice(0, 80)} in its own folder.`,
  )
}
