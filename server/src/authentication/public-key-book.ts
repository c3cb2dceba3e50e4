/**
 * Public keys of apps, from the credentials that hold them sealed. Opened once and kept, because unsealing costs more than looking;
 * they are public, other credentials never come here. Surprise: what is kept counts only for the very same sealed bytes, so that
 * a renewal, on whatever node, needs no word to the others.
 */
import type { EcKey } from '@countersign/protocol/approve/public-key.ts'
import type { CredentialId } from '#domain/ids.ts'
import type { CallingRow } from '#domain/ports/app-queries.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface TransportKeys {
  readonly request: EcKey
  readonly sealing: EcKey
}

const MOST_KEYS = 20_000

export class PublicKeyBook {
  readonly #known = new Map<string, { readonly sealed: Buffer; readonly plain: Uint8Array }>()

  load(tenant: Tenant, credential: CredentialId, sealed: Uint8Array): Uint8Array {
    const name = `${tenant.number} ${credential}`
    const known = this.#known.get(name)
    this.#known.delete(name)
    const good = known?.sealed.equals(sealed) ? known : opened(tenant, credential, sealed)
    this.#known.set(name, good)
    if (this.#known.size > MOST_KEYS) {
      const [oldest] = this.#known.keys()
      if (oldest !== undefined) this.#known.delete(oldest)
    }
    return good.plain
  }

  transport(
    tenant: Tenant,
    { transport, transportKeys }: Pick<CallingRow, 'transport' | 'transportKeys'>,
  ): TransportKeys {
    return JSON.parse(Buffer.from(this.load(tenant, transport, transportKeys)).toString('utf8')) as TransportKeys
  }
}

const opened = (tenant: Tenant, credential: CredentialId, sealed: Uint8Array) => ({
  sealed: Buffer.from(sealed),
  plain: tenant.sealer.unseal({ table: 'credential', column: 'secret', row: String(credential) }, sealed),
})

const P256_HEAD = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d03010703420004', 'hex')

/** RFC 5480 section 2: what stands before a point of P-256 is always the same. Whether it is a point was asked at enrolment. */
export const spkiOf = ({ x, y }: EcKey): Uint8Array =>
  Buffer.concat([P256_HEAD, Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')])
