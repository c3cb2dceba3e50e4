/**
 * What one simulated phone holds: the SDK's vault, and scanned requests that wait for an answer, which no inbox lists because
 * they become the user's only with it. The SDK is loaded here and not before: no other command needs it.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ApproveApp } from '@countersign/sdk/approve-app.ts'
import type { ApprovalRequest, Container } from '@countersign/sdk/container.ts'
import type { Arguments } from '#cli/command.ts'
import { Refusal } from '#domain/refusal.ts'

export interface Scanned {
  /** Container. */
  readonly account: string
  readonly request: ApprovalRequest
}

export interface Phone {
  readonly app: ApproveApp
  /** Still to be answered, newest last. */
  scanned(): readonly Scanned[]
  keepScanned(list: readonly Scanned[]): void
}

const MOST_SCANNED = 20

export async function openPhone(home: string, now_ms: () => number): Promise<Phone> {
  const folder = resolve(home)
  const [{ openApproveApp }, { openFileVault }] = await Promise.all([
    import('@countersign/sdk/approve-app.ts'),
    import('@countersign/sdk/vault/file-vault.ts'),
  ])
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const file = join(folder, 'scanned.json')
  return {
    app: await openApproveApp({ vault: await openFileVault(folder), fetch, now_ms }),
    scanned: () => (readScanned(file) ?? []).filter(({ request }) => request.expires_at * 1000 > now_ms()),
    keepScanned(list) {
      writeFileSync(`${file}.new`, JSON.stringify(list.slice(-MOST_SCANNED)), { mode: 0o600 })
      renameSync(`${file}.new`, file)
    },
  }
}

function readScanned(file: string): Scanned[] | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}

const names = (containers: readonly Container[]) => containers.map(({ user, id }) => `${user} (${id})`).join(', ')

/** Those that --account means: by user, device or id; all when nothing is said. */
export function accountsOf({ app }: Phone, { flags }: Arguments): readonly Container[] {
  const all = app.containers()
  if (all.length === 0) throw new Refusal('not_found', 'This phone holds no registration. Next: phone activate FILE.')
  const { account } = flags
  if (typeof account !== 'string') return all
  const found = all.filter(({ user, device, id }) => account === user || account === id || account === device)
  if (found.length > 0) return found
  throw new Refusal('not_found', `This phone has no registration of ${account}. It has: ${names(all)}.`)
}

export function oneOf(accounts: readonly Container[]): Container {
  const [first, second] = accounts
  if (!first) throw new Refusal('not_found', 'No registration of this phone fits.')
  if (second) throw new Refusal('invalid_request', `Say which one by --account: ${names(accounts)}.`)
  return first
}

export const oneAccount = (phone: Phone, given: Arguments): Container => oneOf(accountsOf(phone, given))

export const passwordIn = ({ flags }: Arguments) =>
  typeof flags.password === 'string' ? { password: flags.password } : {}
