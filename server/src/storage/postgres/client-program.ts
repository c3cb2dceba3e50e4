/**
 * Runs PostgreSQL's own client programs, pg_dump and pg_restore, for backup and restore.
 * Surprise: a password in an argument could be read by everybody on the machine, so it goes by the environment.
 */
import { execFile } from 'node:child_process'
import { readdir } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { StoreUnusable } from '#storage/engine-unusable.ts'

const DEBIAN = '/usr/lib/postgresql'
const ERROR_CHARACTERS = 2000

export async function runClientProgram(
  name: 'pg_dump' | 'pg_restore',
  url: string,
  args: readonly string[],
): Promise<void> {
  const address = new URL(url)
  const env = { ...process.env, PGPASSWORD: decodeURIComponent(address.password), PGAPPNAME: `countersign-${name}` }
  address.password = ''
  const program = await findClientProgram(name)
  try {
    await promisify(execFile)(program, ['--no-password', `--dbname=${address.href}`, ...args], {
      env,
      maxBuffer: 1 << 24,
    })
  } catch (cause) {
    const said = String((cause as { stderr?: string }).stderr ?? cause).slice(0, ERROR_CHARACTERS)
    throw new StoreUnusable(
      `${name} failed: ${said.trim()}.`,
      'Look at its message; the version must be that of the server or newer.',
    )
  }
}

/** Debian's newest version first: a dump can only be made by a program that is not older than the server. */
async function findClientProgram(name: string): Promise<string> {
  const versions = (await readdir(DEBIAN).catch(() => [])).sort((a, b) => Number(b) - Number(a))
  const folders = [
    ...versions.map(version => join(DEBIAN, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  for (const folder of folders) {
    const files = await readdir(folder).catch(() => [] as string[])
    if (files.includes(name)) return join(folder, name)
  }
  throw new StoreUnusable(
    `The program ${name} is not installed.`,
    'Install the client programs of PostgreSQL (Debian: postgresql-client).',
  )
}
