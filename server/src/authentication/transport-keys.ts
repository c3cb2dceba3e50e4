/**
 * The two transport keys of an app, from the credential that holds them. Opened once and kept, because unsealing and importing them costs
 * more than the call they belong to; they are public. Surprise: what is kept counts only for the very same sealed bytes, so that
 * a renewal, on whatever node, needs no word to the others.
 */
import type { EcKey } from '@countersign/protocol/approve/public-key.ts'
import type { CallingRow } from '#domain/ports/app-queries.ts'
import type { AppSecrets } from '#domain/ports/app-secrets.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface TransportKeys {
  readonly request: EcKey
  readonly sealing: EcKey
}

export interface KnownKeys {
  readonly keys: TransportKeys
  /** DER of the request key; undefined when it is none. */
  readonly requestSpki: Uint8Array | undefined
}

type Holding = Pick<CallingRow, 'transport' | 'transportKeys'>

const MOST_APPS = 20_000

export class TransportKeyBook {
  readonly #secrets: Pick<AppSecrets, 'spkiOf'>
  readonly #known = new Map<string, KnownKeys & { readonly sealed: Buffer }>()

  constructor(secrets: Pick<AppSecrets, 'spkiOf'>) {
    this.#secrets = secrets
  }

  load(tenant: Tenant, row: Holding): KnownKeys {
    const name = `${tenant.number} ${row.transport}`
    const known = this.#known.get(name)
    this.#known.delete(name)
    if (known?.sealed.equals(row.transportKeys)) {
      this.#known.set(name, known)
      return known
    }
    const keys = transportKeys(tenant, row)
    const opened = { keys, requestSpki: this.#secrets.spkiOf(keys.request), sealed: Buffer.from(row.transportKeys) }
    this.#known.set(name, opened)
    if (this.#known.size > MOST_APPS) {
      const [oldest] = this.#known.keys()
      if (oldest !== undefined) this.#known.delete(oldest)
    }
    return opened
  }
}

export function transportKeys(tenant: Tenant, row: Holding): TransportKeys {
  const place = { table: 'credential', column: 'secret', row: String(row.transport) }
  return JSON.parse(Buffer.from(tenant.sealer.unseal(place, row.transportKeys)).toString('utf8')) as TransportKeys
}
