/**
 * The example bank beside the demo: a program of its own, on another site than the server, started as a child and told everything by
 * its environment. It ends with the server, however that ends: its channel to the server is its life line.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { demoPort } from '#cli/approve-site.ts'
import type { DemoFile } from '#cli/demo-world.ts'
import type { Settings } from '#settings/read.ts'

export interface DemoBank {
  readonly origin: string
  close(): Promise<void>
}

const DEMO_PORT = 8082
const START_MS = 10_000
const END_MS = 3000
const PROGRAM = fileURLToPath(new URL('../../../examples/bank/dist/main.js', import.meta.url))

/** Undefined where the bank is not built, not part of what was installed, or does not start; it then said why itself. */
export async function startBank(
  settings: Settings,
  base: string,
  approve: string | undefined,
  { tenant, bank_client, users, sign_ins }: DemoFile,
): Promise<DemoBank | undefined> {
  if (approve === undefined || !existsSync(PROGRAM)) return undefined
  const child = fork(PROGRAM, [], {
    // Nothing of the server's own environment: it may hold the master key.
    env: {
      BANK_PORT: String(settings.bankPort ?? demoPort(settings, DEMO_PORT)),
      BANK_ISSUER: `${base}/${tenant}/authn`,
      BANK_APPROVE_URL: approve,
      BANK_CLIENT_ID: bank_client.client_id,
      BANK_CLIENT_SECRET: bank_client.client_secret,
      BANK_WAYS: JSON.stringify(sign_ins?.ways ?? []),
      BANK_CUSTOMERS: users.map(({ externalId }) => externalId).join(','),
    },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const origin = await originOf(child)
  if (origin !== undefined) return { origin, close: () => end(child) }
  await end(child)
  return undefined
}

/** The bank's first message; nothing when it ends or stays silent instead. */
async function originOf(child: ChildProcess): Promise<string | undefined> {
  const done = new AbortController()
  const signal = AbortSignal.any([done.signal, AbortSignal.timeout(START_MS)])
  const said = once(child, 'message', { signal }).then(([message]) => (message as { origin?: string }).origin)
  const ended = once(child, 'exit', { signal }).then(() => undefined)
  try {
    return await Promise.race([said, ended])
  } catch {
    return undefined
  } finally {
    for (const one of [said, ended]) one.catch(() => undefined)
    done.abort()
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const late = setTimeout(() => child.kill('SIGKILL'), END_MS)
  await ended
  clearTimeout(late)
}
