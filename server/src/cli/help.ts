/** What the terminal says when asked for help: all commands, or one with its flags. */
import type { Command } from '#cli/command.ts'

export function helpOfAll<Office>(commands: readonly Command<Office>[]): readonly string[] {
  const calls = commands.map(callOf)
  const width = Math.max(...calls.map(call => call.length))
  return [
    'Countersign: a strong-authentication server.',
    '',
    'Usage: countersign COMMAND [--json]',
    '',
    ...commands.map((command, n) => `  ${(calls[n] as string).padEnd(width)}  ${command.summary}`),
    '',
    'countersign COMMAND --help tells its flags. Settings come from the environment: docs/operate/settings.md.',
  ]
}

export function helpOf<Office>(command: Command<Office>): readonly string[] {
  const flags = (command.flags ?? []).map(
    ({ name, value, sentence, needed }) =>
      [`--${name}${value ? ` ${value}` : ''}`, `${sentence}${needed ? ' (needed)' : ''}`] as const,
  )
  const width = Math.max(0, ...flags.map(([flag]) => flag.length))
  return [
    command.summary,
    '',
    `Usage: countersign ${callOf(command)}${flags.length > 0 ? ' [flags]' : ''} [--json]`,
    ...(flags.length > 0 ? ['', ...flags.map(([flag, sentence]) => `  ${flag.padEnd(width)}  ${sentence}`)] : []),
  ]
}

const callOf = <Office>({ words, takes = [] }: Command<Office>): string => [words, ...takes].join(' ')
