/** The browser is asked not to clear the keys away by itself. Where it does not promise, the user is told: a cleared key is gone. */
export type Kept = 'kept' | 'not promised'

export async function keepStorage(): Promise<Kept> {
  const storage = navigator.storage as StorageManager | undefined
  if (!storage?.persist) return 'not promised'
  const kept = (await storage.persisted().catch(() => false)) || (await storage.persist().catch(() => false))
  return kept ? 'kept' : 'not promised'
}
