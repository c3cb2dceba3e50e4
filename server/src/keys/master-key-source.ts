/**
 * Where the 32 bytes of the master key come from: the environment (hex or base64), a command that prints them the same way
 * (run once, without a shell, for keys kept in a vault), or a file of mode 0600 holding 64 hex digits.
 * Every refusal names the next action and none shows a character of the key. A missing file is not an error here:
 * only who knows whether the store is new may make one (`master-key-check.ts`).
 */
import { execFile } from 'node:child_process'
import { open, readFile, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { promisify } from 'node:util'
import type { Random } from '#domain/ports/random.ts'
import { Fault } from '#domain/refusal.ts'
import { KEY_BYTES } from '#keys/master-key.ts'

export type MasterKeySource =
  | { readonly from: 'environment'; readonly text: { reveal(): string } }
  | { readonly from: 'command'; readonly command: readonly string[] }
  | { readonly from: 'file'; readonly path: string }

const COMMAND_TIMEOUT_MS = 30_000
const LONGEST_TEXT = 256
const hex = /^[0-9a-f]{64}$/i
const base64 = /^[A-Za-z0-9+/]{43}=?$/
const base64url = /^[A-Za-z0-9_-]{43}$/
const run = promisify(execFile)

/** The key's bytes, or undefined when the source is a file that does not exist. */
export async function findMasterKeyBytes(source: MasterKeySource): Promise<Uint8Array | undefined> {
  if (source.from === 'environment') return bytesOf(source.text.reveal(), 'COUNTERSIGN_MASTER_KEY')
  if (source.from === 'command') return bytesOf(await printedBy(source.command), 'COUNTERSIGN_MASTER_KEY_COMMAND')
  const text = await keptIn(source.path)
  return text === undefined ? undefined : bytesOf(text, source.path)
}

/** Makes the file of a new installation. Two processes starting at once cannot both make it. */
export async function makeMasterKeyFile(path: string, random: Random): Promise<Uint8Array> {
  const bytes = random.bytes(KEY_BYTES)
  const file = await open(path, 'wx', 0o600).catch((error: NodeJS.ErrnoException) => {
    throw new Fault(
      `${path} cannot be made (${error.code}). Let the server's user write there, and start it only once.`,
    )
  })
  try {
    await file.writeFile(`${Buffer.from(bytes).toString('hex')}\n`)
    await file.sync()
  } finally {
    await file.close()
  }
  await syncFolder(dirname(path))
  return bytes
}

/** The file's name must survive a power loss as well: whatever is sealed from now on needs it. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

function bytesOf(text: string, where: string): Uint8Array {
  const trimmed = text.trim()
  if (hex.test(trimmed)) return Uint8Array.from(Buffer.from(trimmed, 'hex'))
  if (base64.test(trimmed) || base64url.test(trimmed)) {
    const bytes = Uint8Array.from(Buffer.from(trimmed, 'base64'))
    if (bytes.length === KEY_BYTES) return bytes
  }
  throw new Fault(`${where} holds no master key. Give 32 bytes as 64 hex digits or in base64: openssl rand -hex 32`)
}

async function printedBy([program, ...values]: readonly string[]): Promise<string> {
  if (program === undefined) throw new Fault('COUNTERSIGN_MASTER_KEY_COMMAND is empty. Name a program or remove it.')
  try {
    const { stdout } = await run(program, values, { timeout: COMMAND_TIMEOUT_MS, maxBuffer: 4096, shell: false })
    return stdout
  } catch (error) {
    // The original error carries what the program printed, which may be the key: only how it ended goes on.
    const { code, killed } = error as { code?: string | number; killed?: boolean }
    const how = killed ? 'took more than 30 s' : `ended with ${String(code ?? 'an error')}`
    throw new Fault(`COUNTERSIGN_MASTER_KEY_COMMAND ${how}. Run it by hand and see why: ${program}`)
  }
}

async function keptIn(path: string): Promise<string | undefined> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new Fault(`${path} cannot be read (${error.code}). Let the server's user read it.`)
  })
  if (!facts) return undefined
  if (!facts.isFile()) throw new Fault(`${path} is no file. Put the master key's file there.`)
  if ((facts.mode & 0o077) !== 0) throw new Fault(`${path} can be read by others. Run: chmod 600 ${path}`)
  if (facts.size > LONGEST_TEXT)
    throw new Fault(`${path} holds no master key: it is too long. Put the right file there.`)
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Fault(`${path} cannot be read (${error.code}). Let the server's user own it.`)
  })
}
