/**
 * What all screens share: the SDK's app, what is known of every account just now, and the questions that are open. Screens change
 * it only through the functions beside it (`inboxes.ts`, `unlock/unlocked.ts`, `arrival.ts`).
 */
import type { ScanVia } from '@countersign/protocol/approve/request.ts'
import type { ApproveApp } from '@countersign/sdk/approve-app.ts'
import type { ApprovalRequest, Container } from '@countersign/sdk/container.ts'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import { type Store, useStore } from '../ui/store.ts'
import type { Invited } from './enrol/invited.ts'
import type { Question } from './unlock/question.ts'

/** A request in the inbox of one account; times by this device's clock, in milliseconds. */
export interface Waiting {
  readonly container: string
  readonly id: string
  readonly purpose: 'logon' | 'action'
  readonly created_ms: number
  readonly expires_ms: number
}

export interface Notice {
  readonly container: string
  readonly id: string
  readonly text: string
  /** Seconds since 1970. */
  readonly at: number
}

/** A scanned code, before and after an account was chosen for it. */
export interface ScannedCode {
  readonly text: string
  readonly via: ScanVia
  readonly container?: string
  readonly request?: ApprovalRequest
}

export interface DeskState {
  readonly containers: readonly Container[]
  readonly waiting: readonly Waiting[]
  readonly notices: readonly Notice[]
  /** Accounts whose service did not answer when it was last asked. */
  readonly unreachable: readonly string[]
  /** All inboxes were read at least once. */
  readonly read: boolean
  readonly invited?: Invited | undefined
  readonly scanned?: ScannedCode | undefined
  readonly question?: Question | undefined
  /** Read out politely by screen readers. */
  readonly said: string
}

export interface Desk {
  readonly app: ApproveApp
  readonly state: Store<DeskState>
}

export const emptyDesk: DeskState = { containers: [], waiting: [], notices: [], unreachable: [], read: false, said: '' }

export const DeskContext = createContext<Desk | undefined>(undefined)

export function useDesk(): Desk & { readonly now: DeskState } {
  const desk = useContext(DeskContext)
  if (!desk) throw new Error('a screen stands outside of the app')
  return { ...desk, now: useStore(desk.state) }
}

/** After anything that changes an account: what the vault holds now. */
export async function readAccounts({ app, state }: Desk): Promise<void> {
  await app.reload()
  const containers = [...app.containers()]
  const known = new Set(containers.map(({ id }) => id))
  state.change(old => ({ ...old, containers, waiting: old.waiting.filter(({ container }) => known.has(container)) }))
}

export function announce({ state }: Desk, said: string): void {
  state.change(old => ({ ...old, said }))
}
