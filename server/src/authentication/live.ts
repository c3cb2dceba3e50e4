/**
 * Apps that are connected right now (server-sent events): told at once by the node that decided, and within a second by every other,
 * which looks for new requests of the tenants whose apps it holds. A connection that is lost loses nothing: the inbox has it all.
 */
import type { DeviceId, TenantNumber } from '#domain/ids.ts'
import type { ApprovalQueries } from '#domain/ports/approval-queries.ts'
import { rowsOf, type Store } from '#domain/ports/store.ts'

export interface LiveEvent {
  readonly event: 'request' | 'notice' | 'policy'
  readonly data: Readonly<Record<string, string>>
}

export interface Listener {
  /** False when nobody listens any more. */
  tell(event: LiveEvent): boolean
  close(): void
}

interface Needs {
  readonly store: Store
  readonly approvals: Pick<ApprovalQueries, 'since'>
  /** The smallest happening of now. */
  floor(): number
}

const MOST_CONNECTIONS = 5000
const MOST_OF_A_DEVICE = 2

export class Live {
  readonly #needs: Needs
  readonly #devices = new Map<string, Set<Listener>>()
  /** By tenant: how many listen, and up to which request its devices were told. */
  readonly #tenants = new Map<TenantNumber, { listening: number; told: number }>()
  #connections = 0

  constructor(needs: Needs) {
    this.#needs = needs
  }

  /** Undefined when this node holds as many as it can; else what ends the connection. */
  listen(tenant: TenantNumber, device: DeviceId, listener: Listener): (() => void) | undefined {
    if (this.#connections >= MOST_CONNECTIONS) return undefined
    const key = keyOf(tenant, device)
    const listeners = this.#devices.get(key) ?? new Set()
    const [oldest] = listeners
    if (listeners.size >= MOST_OF_A_DEVICE && oldest) oldest.close()
    this.#devices.set(key, listeners.add(listener))
    const known = this.#tenants.get(tenant) ?? { listening: 0, told: this.#needs.floor() }
    known.listening += 1
    this.#tenants.set(tenant, known)
    this.#connections += 1
    return () => this.#leave(tenant, key, listener)
  }

  tell(tenant: TenantNumber, device: DeviceId, event: LiveEvent): void {
    for (const listener of this.#devices.get(keyOf(tenant, device)) ?? []) {
      if (!listener.tell(event)) listener.close()
    }
  }

  /** What other nodes opened; run each second. An app may be told twice of one request: it knows it by its id. */
  async look(): Promise<void> {
    const { store, approvals } = this.#needs
    for (const [tenant, known] of this.#tenants) {
      const rows = await store.read(tenant, () => rowsOf(approvals.since(tenant, known.told)))
      for (const { id, device } of rows) {
        known.told = Math.max(known.told, id)
        if (device !== null) this.tell(tenant, device, { event: 'request', data: { id: String(id) } })
      }
    }
  }

  close(): void {
    for (const listeners of [...this.#devices.values()]) for (const listener of [...listeners]) listener.close()
  }

  #leave(tenant: TenantNumber, key: string, listener: Listener): void {
    const listeners = this.#devices.get(key)
    if (!listeners?.delete(listener)) return
    if (listeners.size === 0) this.#devices.delete(key)
    this.#connections -= 1
    const known = this.#tenants.get(tenant)
    if (!known) return
    known.listening -= 1
    if (known.listening === 0) this.#tenants.delete(tenant)
  }
}

const keyOf = (tenant: TenantNumber, device: DeviceId) => `${tenant} ${device}`
