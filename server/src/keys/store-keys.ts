/**
 * Keys that belong to the whole store: the ES256 key (RFC 7518 section 3.4) that signs audit checkpoints, the MAC key
 * of audit events (HMAC-SHA256), the keys behind salts and nonces of enrolments and behind csrf values of logins and codes of resets. Made with the store, wrapped by the master key, in table store_key. The database's
 * administrator holds neither; the checkpoint's public half is for everybody.
 */
import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Clock } from '#domain/ports/clock.ts'
import type { KeyQueries } from '#domain/ports/key-queries.ts'
import type { Random } from '#domain/ports/random.ts'
import { first, type Store, WHOLE_STORE } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import { KEY_BYTES, type MasterKey, type WrappedPlace } from '#keys/master-key.ts'

/** RFC 7517; `kid` is the key's RFC 7638 thumbprint. */
export interface CheckpointPublicKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  readonly use: 'sig'
  readonly alg: 'ES256'
  readonly kid: string
}

export interface CheckpointKey {
  /** 64 bytes, r ‖ s (RFC 7518 section 3.4). 40 µs. */
  sign(bytes: Uint8Array): Uint8Array
  readonly publicJwk: CheckpointPublicKey
}

export interface StoreKeys {
  readonly checkpointKey: CheckpointKey
  /** 32 bytes for HMAC-SHA256. */
  readonly auditMacKey: Uint8Array
  /** The same, behind salts and nonces of enrolments. */
  readonly inviteKey: Uint8Array
  /** The same, behind csrf values of logins and codes of resets. */
  readonly loginKey: Uint8Array
}

export interface StoreKeyNeeds {
  readonly master: MasterKey
  readonly store: Store
  readonly rows: Pick<KeyQueries, 'storeKey' | 'addStoreKey'>
  readonly random: Random
  readonly clock: Clock
}

export async function openStoreKeys(needs: StoreKeyNeeds): Promise<StoreKeys> {
  const pkcs8 = await loadOrMake(needs, 'audit_checkpoint', newEcKey)
  const auditMacKey = await loadOrMake(needs, 'audit_mac', () => needs.random.bytes(KEY_BYTES))
  const inviteKey = await loadOrMake(needs, 'invite', () => needs.random.bytes(KEY_BYTES))
  const loginKey = await loadOrMake(needs, 'login', () => needs.random.bytes(KEY_BYTES))
  const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' })
  pkcs8.fill(0)
  return {
    checkpointKey: {
      sign: bytes => sign('sha256', bytes, { key: privateKey, dsaEncoding: 'ieee-p1363' }),
      publicJwk: publicHalf(privateKey),
    },
    auditMacKey,
    inviteKey,
    loginKey,
  }
}

async function loadOrMake(needs: StoreKeyNeeds, name: string, make: () => Uint8Array): Promise<Uint8Array> {
  const { master, store, rows, clock } = needs
  const place: WrappedPlace = ['store_key', name]
  const kept = await store.read(WHOLE_STORE, () => first(rows.storeKey(name)))
  if (kept) return master.unwrap(place, kept.wrapped)
  const wrapped = master.wrap(place, make())
  const winner = await store.write(WHOLE_STORE, function* () {
    yield [rows.addStoreKey(name, wrapped, clock.now())]
    return yield* first(rows.storeKey(name))
  })
  if (!winner) throw new Fault(`the store's key ${name} was not written`)
  return master.unwrap(place, winner.wrapped)
}

function newEcKey(): Uint8Array {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return privateKey.export({ format: 'der', type: 'pkcs8' })
}

function publicHalf(privateKey: KeyObject): CheckpointPublicKey {
  const { x = '', y = '' } = createPublicKey(privateKey).export({ format: 'jwk' })
  const members = JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }) // the order of RFC 7638 section 3
  const kid = createHash('sha256').update(members).digest('base64url')
  return { kty: 'EC', crv: 'P-256', x, y, use: 'sig', alg: 'ES256', kid }
}
