import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { commands } from '#cli/commands.ts'
import { withWholePaths } from '#cli/whole-paths.ts'

const named = (words: string) => commands.find(command => command.words === words)!

test('what a command takes as FILE is a whole path, and nothing else is touched', () => {
  const exported = withWholePaths(named('tenant export'), {
    words: ['bank', 'a.jsonl'],
    flags: { 'passphrase-file': 'p' },
  })
  expect(exported.words).toEqual(['bank', resolve('a.jsonl')])
  expect(exported.flags['passphrase-file']).toBe(resolve('p'))
  const token = withWholePaths(named('token'), { words: ['otp'], flags: { seed: 'ab', state: '/tmp/s' } })
  expect(token).toEqual({ words: ['otp'], flags: { seed: 'ab', state: '/tmp/s' } })
})
