/** Words of the command line → the command and what was given to it, or a sentence that says what is wrong. */
import type { Arguments, Command, Flag } from '#cli/command.ts'

export type ReadArguments<Office> =
  | { readonly command: Command<Office>; readonly given: Arguments; readonly json: boolean }
  | { readonly wrong: string }

const JSON_FLAG: Flag = { name: 'json', sentence: 'Prints the result as JSON.' }

export function readArguments<Office>(
  argv: readonly string[],
  commands: readonly Command<Office>[],
): ReadArguments<Office> {
  const command = commands
    .filter(({ words }) => words.split(' ').every((word, n) => argv[n] === word))
    .sort((a, b) => b.words.length - a.words.length)[0]
  if (!command) return { wrong: `There is no command "${argv.slice(0, 2).join(' ')}". See: countersign --help` }

  const known = [...(command.flags ?? []), JSON_FLAG]
  const words: string[] = []
  const flags: Record<string, string | true> = Object.create(null)
  const rest = argv.slice(command.words.split(' ').length)
  for (let n = 0; n < rest.length; n++) {
    const word = rest[n] as string
    if (!word.startsWith('--')) {
      words.push(word)
      continue
    }
    const [name = '', inline] = word.slice(2).split(/=(.*)/s)
    const flag = known.find(one => one.name === name)
    if (!flag) return { wrong: `"${command.words}" has no flag --${name}. See: countersign ${command.words} --help` }
    if (flag.value === undefined) {
      flags[name] = true
      continue
    }
    const value = inline ?? rest[++n]
    if (value === undefined) return { wrong: `--${name} needs a value: --${name} ${flag.value}` }
    const before = flags[name]
    flags[name] = flag.repeats && typeof before === 'string' ? `${before}\n${value}` : value
  }
  const missing = (command.flags ?? []).find(flag => flag.needed && flags[flag.name] === undefined)
  if (missing)
    return { wrong: `"${command.words}" needs --${missing.name} ${missing.value ?? ''}: ${missing.sentence}` }
  const wrong = wrongWords(command, words)
  return wrong === undefined ? { command, given: { words, flags }, json: flags.json === true } : { wrong }
}

function wrongWords<Office>(
  { words: name, takes = [] }: Command<Office>,
  words: readonly string[],
): string | undefined {
  const least = takes.filter(take => !take.endsWith('?') && !take.endsWith('…')).length
  const most = takes.some(take => take.endsWith('…')) ? Number.POSITIVE_INFINITY : takes.length
  if (words.length >= least && words.length <= most) return undefined
  return `"${name}" takes ${takes.length === 0 ? 'nothing more' : takes.join(' ')}. See: countersign ${name} --help`
}
