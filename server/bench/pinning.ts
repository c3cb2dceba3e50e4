/**
 * Which core runs what: the server under test alone on core 0, load and databases on core 1. With taskset (util-linux);
 * without it, or on one core, nothing is pinned and the report says so.
 */
import { execFileSync } from 'node:child_process'
import { availableParallelism } from 'node:os'

export const SERVER_CORE = 0
export const LOAD_CORE = 1

export const pinned: boolean = availableParallelism() > 1 && hasTaskset()

/** The command line that runs a program on one core. taskset becomes the program: the process id stays the same. */
export function onCore(core: number, program: string, words: readonly string[]): readonly [string, readonly string[]] {
  return pinned ? ['taskset', ['-c', String(core), program, ...words]] : [program, words]
}

/** Moves a running process with its threads; what it starts later stays on that core, too. */
export function moveToCore(core: number, pid: number): void {
  if (pinned) execFileSync('taskset', ['-a', '-p', '-c', String(core), String(pid)], { stdio: 'ignore' })
}

function hasTaskset(): boolean {
  try {
    execFileSync('taskset', ['-p', String(process.pid)], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
