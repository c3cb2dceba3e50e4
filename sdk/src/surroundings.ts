/** What the app is given of the world: where keys are kept, the network, the clock. */
import type { Vault } from './vault/vault.ts'

export interface Around {
  readonly vault: Vault
  readonly fetch: typeof globalThis.fetch
  now_ms(): number
}
