/**
 * A checkpoint says, at one moment, how long every tenant's tree was and what its root was. It is a compact JWS (RFC
 * 7515, ES256) of type `audit-checkpoint+jws`. It names only the tenants that changed since the one before, and the root
 * over all of them; a full one names all. The first of an epoch is always full: it is the record of a restore.
 */
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import type { TenantTree, TreeHead } from '#audit/tenant-tree.ts'
import type { TenantNumber } from '#domain/ids.ts'

export const CHECKPOINT_TYPE = 'audit-checkpoint+jws'
const MAX_JWS = 16_000_000

export interface Checkpoint {
  /** The store's epoch; it rises with each restore. */
  readonly epoch: number
  readonly number: number
  readonly at: number
  readonly full: boolean
  /** How many tenants have a tree, and the root over all their heads. */
  readonly tenants: number
  readonly root: string
  /** [tenant, size, root] by tenant number. */
  readonly heads: readonly (readonly [TenantNumber, number, string])[]
}

export type CheckpointSigner = {
  /** Published with the public key. */
  readonly kid: string
  /** ES256 (RFC 7518 section 3.4): 64 bytes, r ‖ s. */
  sign(bytes: Uint8Array): Uint8Array
}

/** What `readCheckpoint` found wrong, as a sentence. */
export type Unreadable = { readonly wrong: string }

export function checkpointOf(
  tree: TenantTree,
  named: readonly (readonly [TenantNumber, TreeHead])[],
  about: Pick<Checkpoint, 'epoch' | 'number' | 'at' | 'full'>,
): Checkpoint {
  const heads = named.map(([tenant, { size, root }]) => [tenant, size, base64url(root)] as const)
  return { ...about, tenants: tree.count, root: base64url(tree.root()), heads }
}

export function signCheckpoint(checkpoint: Checkpoint, signer: CheckpointSigner): string {
  const header = JSON.stringify({ alg: 'ES256', kid: signer.kid, typ: CHECKPOINT_TYPE })
  const input = `${base64url(Buffer.from(header))}.${base64url(Buffer.from(JSON.stringify(checkpoint)))}`
  return `${input}.${base64url(signer.sign(Buffer.from(input)))}`
}

/** Reads and checks one; keys are ours, so neither the header's algorithm nor its key is obeyed beyond choosing among them. */
export function readCheckpoint(jws: string, keys: readonly JsonWebKey[]): Checkpoint | Unreadable {
  const parts = jws.length <= MAX_JWS ? jws.split('.') : []
  if (parts.length !== 3) return { wrong: 'it is not a compact JWS' }
  const [head, payload, signature] = parts as [string, string, string]
  const header = jsonOf(head) as { alg?: unknown; typ?: unknown; kid?: unknown } | undefined
  if (header?.alg !== 'ES256' || header.typ !== CHECKPOINT_TYPE)
    return { wrong: 'its header is not that of a checkpoint' }
  const input = Buffer.from(`${head}.${payload}`)
  const signed = keys
    .filter(key => key.kty === 'EC' && key.crv === 'P-256' && (key.kid === undefined || key.kid === header.kid))
    .some(key => isSigned(input, Buffer.from(signature, 'base64url'), key))
  if (!signed) return { wrong: 'no key given made its signature' }
  const checkpoint = jsonOf(payload)
  return isCheckpoint(checkpoint) ? checkpoint : { wrong: 'its content is not that of a checkpoint' }
}

export function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('base64url')
}

function isSigned(input: Buffer, signature: Buffer, jwk: JsonWebKey): boolean {
  const key = createPublicKey({ key: jwk, format: 'jwk' })
  return verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature)
}

function jsonOf(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
  } catch {
    return undefined
  }
}

function isCheckpoint(value: unknown): value is Checkpoint {
  if (typeof value !== 'object' || value === null) return false
  const { epoch, number, at, full, tenants, root, heads } = value as Record<string, unknown>
  return (
    [epoch, number, at, tenants].every(isCount) &&
    typeof full === 'boolean' &&
    typeof root === 'string' &&
    Array.isArray(heads) &&
    heads.every(isHead)
  )
}

function isHead(value: unknown): boolean {
  return Array.isArray(value) && isCount(value[0]) && isCount(value[1]) && typeof value[2] === 'string'
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0
}
