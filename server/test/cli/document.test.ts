/** The page about the command line names every command there is, and its help can be shown. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { commands } from '#cli/commands.ts'
import { ran } from '../restore/restartable-world.ts'

const page = readFileSync(new URL('../../../docs/operate/cli.md', import.meta.url), 'utf8')

test.each(commands.map(({ words }) => words))('%s', async words => {
  expect(page).toMatch(new RegExp(`^\\| \`${words}[ \`]`, 'm'))
  const { code, text } = await ran([...words.split(' '), '--help'], {})
  expect(code).toBe(0)
  expect(text).toContain(`Usage: countersign ${words}`)
})
