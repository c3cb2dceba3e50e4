/** The pass phrase of a tenant's file: the first line of a file of mode 0600, so that it stands in no process list. */
import { readFileSync, statSync } from 'node:fs'
import type { Arguments } from '#cli/command.ts'
import { Refusal } from '#domain/refusal.ts'

const LONGEST_FILE = 4096

export const PASSPHRASE_FLAG = {
  name: 'passphrase-file',
  value: 'FILE',
  sentence: 'File of mode 0600 whose first line protects the secrets: 12 characters or more.',
  needed: true,
} as const

export function readPassphrase({ flags }: Arguments): string {
  const path = String(flags[PASSPHRASE_FLAG.name])
  const facts = statSync(path, { throwIfNoEntry: false })
  if (!facts?.isFile() || facts.size > LONGEST_FILE) {
    throw new Refusal(
      'invalid_value',
      `${path} is no file with a pass phrase. Write one there: openssl rand -base64 24`,
    )
  }
  if ((facts.mode & 0o077) !== 0) {
    throw new Refusal('invalid_value', `${path} can be read by others. Run: chmod 600 ${path}`)
  }
  return readFileSync(path, 'utf8').split('\n', 1)[0]?.trim() ?? ''
}
