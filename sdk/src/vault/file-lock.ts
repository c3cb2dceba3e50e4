/**
 * Mutual exclusion between processes by a file that only one can create. It holds who took it; a lock is stale when its process is
 * gone from this machine, or when the same one was seen for ten seconds (a step takes milliseconds). Only one waiter may break a
 * given stale lock: whoever makes the link that is named after it.
 */
import { randomUUID } from 'node:crypto'
import { linkSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { SdkError } from '../sdk-error.ts'

const POLL_MS = 10
const STALE_POLLS = 1000
const LONGEST_WAIT_POLLS = 6000

/** Runs the step alone. `stillOurs` is to be asked right before what the step did becomes visible. */
export async function whileLocked<T>(path: string, step: (stillOurs: () => boolean) => T): Promise<T> {
  const token = `${hostname()} ${process.pid} ${randomUUID()}`
  let seen: string | undefined
  let polls = 0
  for (let waited = 0; !taken(path, token); waited++) {
    if (waited >= LONGEST_WAIT_POLLS)
      throw new SdkError(
        'vault_unusable',
        `Another process holds ${path}. End it, or remove the file when there is none.`,
      )
    const holder = contentOf(path)
    polls = holder !== undefined && holder === seen ? polls + 1 : 0
    seen = holder
    if (holder !== undefined && (isGone(holder) || polls >= STALE_POLLS)) breakLock(path, holder)
    else await pause(POLL_MS)
  }
  try {
    return step(() => contentOf(path) === token)
  } finally {
    if (contentOf(path) === token) unlinkSync(path)
  }
}

/** The lock appears with its content, never empty: written beside, then linked. */
function taken(path: string, token: string): boolean {
  const own = `${path}.${token.split(' ').at(-1)}`
  writeFileSync(own, token, { mode: 0o600 })
  try {
    linkSync(own, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(own)
  }
}

function contentOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

function isGone(holder: string): boolean {
  const [host, pid] = holder.split(' ')
  if (host !== hostname()) return false
  try {
    process.kill(Number(pid), 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

function breakLock(path: string, holder: string): void {
  const claim = `${path}.broken-${holder.split(' ').at(-1)}`
  try {
    linkSync(path, claim)
  } catch {
    return
  }
  if (contentOf(path) === holder) unlinkSync(path)
  unlinkSync(claim)
}
