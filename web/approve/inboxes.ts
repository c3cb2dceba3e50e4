/**
 * The inboxes of all accounts: read when the app opens, comes to the front or is woken, and told by the service while it stays in
 * front. One account that cannot be read does not hide the others.
 */
import type { Container } from '@countersign/sdk/container.ts'
import { isSdkError } from '@countersign/sdk/sdk-error.ts'
import { say } from '../texts/say.ts'
import { announce, type Desk, type Notice, readAccounts, type Waiting } from './desk.ts'

const readable = ({ kind, status }: Container) => kind === 'online' && status !== 'pending'

export async function readInboxes(desk: Desk): Promise<void> {
  await Promise.all(
    desk.state
      .get()
      .containers.filter(readable)
      .map(one => readInbox(desk, one)),
  )
  desk.state.change(old => ({ ...old, read: true }))
}

export async function readInbox(desk: Desk, container: Container): Promise<void> {
  try {
    const { requests, notices, server_time } = await container.inbox()
    const ahead_ms = Date.now() - server_time * 1000
    const waiting = requests.map(({ id, purpose, created_at, expires_at }) => ({
      container: container.id,
      id,
      purpose,
      created_ms: created_at * 1000 + ahead_ms,
      expires_ms: expires_at * 1000 + ahead_ms,
    }))
    const told = notices.map(({ id, text, at }) => ({ container: container.id, id, text, at }))
    keep(desk, container.id, waiting, told)
  } catch (error) {
    await misread(desk, container.id, error)
  }
}

async function misread(desk: Desk, id: string, error: unknown): Promise<void> {
  if (isSdkError(error, 'device_gone') || isSdkError(error, 'device_suspended')) return readAccounts(desk)
  desk.state.change(old => ({ ...old, unreachable: [...new Set([...old.unreachable, id])] }))
}

function keep(desk: Desk, id: string, waiting: readonly Waiting[], notices: readonly Notice[]): void {
  const known = new Set(desk.state.get().waiting.map(one => one.id))
  const others = <One extends { readonly container: string }>(list: readonly One[]) =>
    list.filter(({ container }) => container !== id)
  desk.state.change(old => ({
    ...old,
    waiting: [...others(old.waiting), ...waiting].sort((one, other) => other.created_ms - one.created_ms),
    notices: [...others(old.notices), ...notices].sort((one, other) => other.at - one.at),
    unreachable: old.unreachable.filter(one => one !== id),
  }))
  const fresh = waiting.find(one => !known.has(one.id))
  if (fresh && desk.state.get().read) announce(desk, say(`request.arrived_${fresh.purpose}`))
}

export function forgetWaiting({ state }: Desk, id: string): void {
  state.change(old => ({ ...old, waiting: old.waiting.filter(one => one.id !== id) }))
}
