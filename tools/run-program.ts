/**
 * Runs a program to its end with its output shown, and names and times the steps that a script is made of. A program that
 * cannot be started ends with 127, one that a signal ended with 128 and the signal's number, as a shell has it.
 */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { fileURLToPath } from 'node:url'

/** The root of the repository; compiled, this file stands in tools/dist. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export interface Step {
  readonly name: string
  /** The exit code. */
  readonly run: () => Promise<number>
}

export interface StepDone {
  readonly name: string
  readonly ok: boolean
  readonly seconds: number
}

export function runProgram(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string | undefined>> = {},
): Promise<number> {
  const child = spawn(program, args, { cwd: ROOT, env: { ...process.env, ...environment }, stdio: 'inherit' })
  return new Promise(resolve => {
    child.once('error', error => {
      console.error(`${program} could not be started: ${error.message}`)
      resolve(127)
    })
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })
}

/** A package's own program by its file, so that it runs by this very Node whatever PATH says. */
export const runModule = (file: string, args: readonly string[], environment?: Readonly<Record<string, string>>) =>
  runProgram(process.execPath, [`node_modules/${file}`, ...args], environment)

/** Runs all steps, also after one failed: one run shows everything that is wrong. */
export async function runSteps(steps: readonly Step[]): Promise<StepDone[]> {
  const done: StepDone[] = []
  for (const { name, run } of steps) {
    console.log(`\n▶ ${name}`)
    const started = process.hrtime.bigint()
    const ok = (await run()) === 0
    const seconds = Number(process.hrtime.bigint() - started) / 1e9
    console.log(`${ok ? '✔' : '✘'} ${name} (${seconds.toFixed(1)} s)`)
    done.push({ name, ok, seconds })
  }
  return done
}
