/**
 * The command line: finds the command, runs it where it belongs (anywhere, through the running server, alone, or as the
 * server itself), prints what it says. Exit code 0, 1 for a refusal or a finding, 2 for words that make no command.
 */
import type { Arguments, Command, OfficeCommand, Report, Surroundings } from '#cli/command.ts'
import { commands } from '#cli/commands.ts'
import { callServer } from '#cli/control-socket.ts'
import { helpOf, helpOfAll } from '#cli/help.ts'
import type { Office } from '#cli/office.ts'
import { readArguments } from '#cli/read-arguments.ts'
import { withWholePaths } from '#cli/whole-paths.ts'
import { openOffice } from '#compose.ts'
import { stock } from '#configuration/seed/stock.ts'
import { buildConfiguration } from '#domain/configuration.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import { runServer } from '#run-server.ts'
import { readSettings, type Settings } from '#settings/read.ts'
import { StoreUnusable } from '#storage/engine-unusable.ts'

type Environment = Readonly<Record<string, string | undefined>>

export async function main(argv: readonly string[], environment: Environment): Promise<number> {
  if (argv.length === 0 || argv[0] === '--help' || argv[0] === 'help') return say(helpOfAll(commands))
  if (argv.includes('--help')) return helpAbout(argv.filter(word => word !== '--help'))
  const read = readArguments(argv, commands)
  if ('wrong' in read) return complain([read.wrong], 2)
  const { settings, problems } = readSettings(environment)
  if (!settings)
    return complain(
      problems.map(({ action }) => action),
      2,
    )
  try {
    const given = withWholePaths(read.command, read.given)
    const report = await run(read.command, given, settings, environment)
    if (report === undefined) return 0
    say(read.json ? [JSON.stringify(report.data)] : report.lines)
    return report.exit ?? 0
  } catch (error) {
    return complain(wordsOf(error), 1)
  }
}

async function run(
  command: Command<Office>,
  given: Arguments,
  settings: Settings,
  environment: Environment,
): Promise<Report | undefined> {
  const around: Surroundings = {
    settings,
    environment,
    configuration: buildConfiguration(stock),
    now_ms: Date.now,
    print: line => console.log(line),
  }
  if (command.runs === 'as the server') {
    await runServer(command.mode, settings, given)
    return undefined
  }
  return command.runs === 'in the office' ? runInOffice(command, given, settings) : command.run(given, around)
}

/** Through the server that runs on this home; alone when none does. */
async function runInOffice(command: OfficeCommand<Office>, given: Arguments, settings: Settings): Promise<Report> {
  const free = command.free?.(given)
  if (free !== undefined) return free
  const reply = await callServer(settings.home, { words: command.words, given })
  if (reply === undefined) {
    const { office, close } = await openOffice(settings)
    try {
      return await command.run(given, office)
    } finally {
      await close()
    }
  }
  if ('report' in reply) return reply.report
  if ('refused' in reply) throw new Refusal('invalid_request', reply.refused)
  throw new Fault(reply.broken)
}

function wordsOf(error: unknown): readonly string[] {
  if (error instanceof Refusal) return [error.hint]
  if (error instanceof StoreUnusable) return [error.message]
  if (error instanceof Fault) return [error.message]
  return ['Something broke here:', error instanceof Error ? (error.stack ?? error.message) : String(error)]
}

function helpAbout(argv: readonly string[]): number {
  const words = argv.filter(word => !word.startsWith('--'))
  const found = commands.filter(command => command.words.split(' ').every((word, n) => words[n] === word))
  const command = found.sort((a, b) => b.words.length - a.words.length)[0]
  return command ? say(helpOf(command)) : say(helpOfAll(commands))
}

function say(lines: readonly string[]): number {
  for (const line of lines) console.log(line)
  return 0
}

function complain(lines: readonly string[], code: number): number {
  for (const line of lines) console.error(line)
  return code
}
