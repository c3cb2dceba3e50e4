/**
 * A command of the terminal is a value: its words, what it takes, where it runs, what it does. Help, parsing and the
 * control socket are derived from the list. A refusal ends with exit code 1 and says what to do next.
 */
import type { Configuration } from '#domain/configuration.ts'
import type { Settings } from '#settings/read.ts'

export interface Flag {
  /** Without dashes: `tenant`. */
  readonly name: string
  readonly sentence: string
  /** How the value is shown; a flag without is on or off. */
  readonly value?: string
  readonly needed?: true
  /** May be given again; the values come joined by line ends. */
  readonly repeats?: true
}

export interface Arguments {
  /** What stands without dashes, in order. */
  readonly words: readonly string[]
  readonly flags: Readonly<Record<string, string | true>>
}

export interface Report {
  /** For people. */
  readonly lines: readonly string[]
  /** For `--json`. */
  readonly data: unknown
  /** 0 unless something was found that is not as it should be. */
  readonly exit?: number
}

interface Shape {
  /** `tenant create`. */
  readonly words: string
  readonly summary: string
  /** Names of what stands without dashes: `NAME`, `FILE`. A trailing `?` may be left out, `…` takes the rest. */
  readonly takes?: readonly string[]
  readonly flags?: readonly Flag[]
}

/** What every command is told about where it was called. */
export interface Surroundings {
  readonly settings: Settings
  readonly environment: Readonly<Record<string, string | undefined>>
  /** The stock documents of this release. */
  readonly configuration: Configuration
  now_ms(): number
  /** Prints while the command still runs. */
  print(line: string): void
}

/** Needs no store: arithmetic, stand-alone checks. */
export interface FreeCommand extends Shape {
  readonly runs: 'anywhere'
  run(given: Arguments, around: Surroundings): Promise<Report>
}

/** Works on the store through the server that runs on this home, or alone when none does. `Office` is what compose gives. */
export interface OfficeCommand<Office> extends Shape {
  readonly runs: 'in the office'
  /** A report where what was given needs no store at all: then neither server nor store is asked. */
  free?(given: Arguments): Report | undefined
  run(given: Arguments, office: Office): Promise<Report>
}

/** Wants the home for itself: no server may run. */
export interface AloneCommand extends Shape {
  readonly runs: 'alone'
  run(given: Arguments, around: Surroundings): Promise<Report>
}

/** Is the server. */
export interface ServerCommand extends Shape {
  readonly runs: 'as the server'
  readonly mode: 'demo' | 'serve'
}

export type Command<Office> = FreeCommand | OfficeCommand<Office> | AloneCommand | ServerCommand
