/**
 * A vault in a folder, for Node: `approve.vault`, sealed by AES-256-GCM under the random key in `approve.key` (mode 0600). Each step
 * writes a new file, flushes it and renames it over the old one: after a crash there is the old state or the new one.
 * Who can read the folder has the keys, apart from those that a password guards: `file` weighs less than hardware.
 */
import {
  closeSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { type Bytes, bytesOf, randomBytes } from '../bytes.ts'
import { SdkError } from '../sdk-error.ts'
import { whileLocked } from './file-lock.ts'
import type { Entry, Vault } from './vault.ts'
import { openWhole, sealWhole } from './whole-seal.ts'

const STRAY_MS = 60_000
const LABEL = 'countersign approve vault 1'

export async function openFileVault(home: string): Promise<Vault> {
  mkdirSync(home, { recursive: true, mode: 0o700 })
  const raw = deviceKeyIn(home)
  const usages: KeyUsage[] = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']
  const key = await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, usages)
  const file = join(home, 'approve.vault')

  const read = (): Entry[] => {
    const sealed = contentOf(file)
    if (!sealed) return []
    try {
      return JSON.parse(openWhole(raw, LABEL, sealed))
    } catch (cause) {
      throw new SdkError('vault_unusable', `${file} was changed, or is not of the key beside it.`, { cause })
    }
  }
  return {
    keyProtection: 'file',
    exportsKeys: true,
    deviceKey: async () => key,
    list: async () => read(),
    find: async id => read().find(entry => entry.id === id),
    change: (id, step) =>
      whileLocked(join(home, 'approve.lock'), stillOurs => {
        const entries = read()
        const held = entries.find(entry => entry.id === id)
        const next = step(held)
        if (next === held) return next
        const rest = next
          ? entries.map(entry => (entry.id === id ? next : entry))
          : entries.filter(one => one.id !== id)
        const all = next && !held ? [...entries, next] : rest
        replace(home, file, sealWhole(raw, LABEL, JSON.stringify(all)), stillOurs)
        return next
      }),
  }
}

/** Two processes that start at once agree on one key: linking fails for the second. */
function deviceKeyIn(home: string): Bytes {
  const file = join(home, 'approve.key')
  const held = contentOf(file)
  if (held) return proper(held, file)
  const fresh = join(home, `approve.key.${freshName()}`)
  writeFlushed(fresh, randomBytes(32))
  try {
    linkSync(fresh, file)
    flushFolder(home)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(fresh)
  }
  return proper(contentOf(file), file)
}

function proper(key: Bytes | undefined, file: string): Bytes {
  if (key?.length !== 32) throw new SdkError('vault_unusable', `${file} holds no key.`)
  return key
}

function replace(home: string, file: string, content: Bytes, stillOurs: () => boolean): void {
  const fresh = `${file}.${freshName()}`
  writeFlushed(fresh, content)
  if (!stillOurs()) {
    rmSync(fresh)
    throw new SdkError('vault_unusable', 'This process was held up too long while it changed the vault. Try again.')
  }
  renameSync(fresh, file)
  flushFolder(home)
  sweep(home, statSync(file).mtimeMs - STRAY_MS)
}

/** What killed processes left half done: names with an ending, older than any step takes. */
function sweep(home: string, before_ms: number): void {
  for (const name of readdirSync(home)) {
    if (!/^approve\.(?:vault|key|lock)\./.test(name)) continue
    const path = join(home, name)
    const facts = statSync(path, { throwIfNoEntry: false })
    if (facts && facts.mtimeMs < before_ms) rmSync(path, { force: true })
  }
}

const freshName = () => bytesOf(randomBytes(8)).reduce((text, byte) => text + byte.toString(16).padStart(2, '0'), '')

function writeFlushed(path: string, content: Bytes): void {
  const file = openSync(path, 'wx', 0o600)
  try {
    for (let at = 0; at < content.length; ) at += writeSync(file, content, at)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** A rename survives a power cut only once its folder is flushed. */
function flushFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}

function contentOf(path: string): Bytes | undefined {
  try {
    return bytesOf(readFileSync(path))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new SdkError('vault_unusable', `${path} cannot be read.`, { cause: error })
  }
}
