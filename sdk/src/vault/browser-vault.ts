/**
 * A vault in a browser: IndexedDB, which keeps Web Crypto keys that no script can export. Whoever may run script in this origin can
 * still *use* them; that is why they are called `browser` and weigh less than hardware. One transaction is one step, between tabs too.
 */
import { SdkError } from '../sdk-error.ts'
import type { Entry, Vault } from './vault.ts'

const ENTRIES = 'entries'
const DEVICE = 'device'

export async function openBrowserVault(
  indexedDB: IDBFactory = globalThis.indexedDB,
  name = 'countersign-approve',
): Promise<Vault> {
  const database = await opened(indexedDB, name)
  const key = await deviceKeyIn(database)
  return {
    keyProtection: 'browser',
    exportsKeys: false,
    deviceKey: async () => key,
    list: () => answerOf(database.transaction(ENTRIES).objectStore(ENTRIES).getAll() as IDBRequest<Entry[]>),
    find: id => answerOf(database.transaction(ENTRIES).objectStore(ENTRIES).get(id) as IDBRequest<Entry | undefined>),
    change: (id, step) => changed(database, id, step),
  }
}

function opened(indexedDB: IDBFactory, name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1)
  request.onupgradeneeded = () => {
    request.result.createObjectStore(ENTRIES, { keyPath: 'id' })
    request.result.createObjectStore(DEVICE)
  }
  return answerOf(request)
}

/** Two tabs that start at once agree on one key: what stands there first is kept. */
async function deviceKeyIn(database: IDBDatabase): Promise<CryptoKey> {
  const usages: KeyUsage[] = ['encrypt', 'decrypt', 'wrapKey', 'unwrapKey']
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, usages)
  const transaction = database.transaction(DEVICE, 'readwrite', { durability: 'strict' })
  const store = transaction.objectStore(DEVICE)
  const found = store.get('key') as IDBRequest<CryptoKey | undefined>
  found.onsuccess = () => {
    if (!found.result) store.add(fresh, 'key')
  }
  await finished(transaction)
  return found.result ?? fresh
}

async function changed(
  database: IDBDatabase,
  id: string,
  step: (entry: Entry | undefined) => Entry | undefined,
): Promise<Entry | undefined> {
  const transaction = database.transaction(ENTRIES, 'readwrite', { durability: 'strict' })
  const store = transaction.objectStore(ENTRIES)
  const outcome: { entry?: Entry | undefined; refused?: { readonly why: unknown } } = {}
  const found = store.get(id) as IDBRequest<Entry | undefined>
  found.onsuccess = () => {
    try {
      outcome.entry = step(found.result)
      if (outcome.entry) store.put(outcome.entry)
      else store.delete(id)
    } catch (why) {
      outcome.refused = { why }
      transaction.abort()
    }
  }
  try {
    await finished(transaction)
  } catch (error) {
    throw outcome.refused ? outcome.refused.why : error
  }
  return outcome.entry
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(new SdkError('vault_unusable', undefined, { cause: request.error }))
  })
}

function finished(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(new SdkError('vault_unusable', undefined, { cause: transaction.error }))
  })
}
