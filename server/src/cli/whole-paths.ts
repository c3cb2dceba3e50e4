/**
 * What a command takes as FILE becomes a whole path before the command goes anywhere: a running server, which may carry it
 * out, has another folder than the terminal.
 */
import { resolve } from 'node:path'
import type { Arguments, Command } from '#cli/command.ts'

export function withWholePaths<Office>({ takes = [], flags = [] }: Command<Office>, given: Arguments): Arguments {
  const isFile = (name: string | undefined) => name?.replace(/[?…]$/, '') === 'FILE'
  const files = new Set(flags.filter(({ value }) => isFile(value)).map(({ name }) => name))
  const words = given.words.map((word, n) => (isFile(takes[n]) ? resolve(word) : word))
  const whole = Object.entries(given.flags).map(([name, value]) =>
    files.has(name) && typeof value === 'string' ? ([name, resolve(value)] as const) : ([name, value] as const),
  )
  return { words, flags: Object.fromEntries(whole) }
}
