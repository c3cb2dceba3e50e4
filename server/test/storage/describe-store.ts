/** Runs every promise of the store's port on one engine. */
import { describe, test } from 'vitest'
import type { Store } from '#domain/ports/store.ts'
import { storeCases } from '#storage/conformance/store-cases.ts'

export function describeStore(name: string, makeStore: () => Promise<{ store: Store; close(): Promise<void> }>): void {
  describe(name, () => {
    test.each(storeCases)('$title', async ({ check }) => {
      const { store, close } = await makeStore()
      await check(store).finally(close)
    })
  })
}
