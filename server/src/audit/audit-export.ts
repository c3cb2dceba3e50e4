/**
 * The exported form of one tenant's audit: JSON lines, each record with its sequence and leaf, so that whoever keeps them
 * downstream can verify them again, without this store. `body` is the text that was hashed, byte for byte; the signed
 * checkpoints and the head follow at the end.
 */
import type { AuditReader, SealedRecord } from '#audit/audit-reader.ts'
import { base64url } from '#audit/checkpoint.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { AuditHead } from '#domain/ports/audit-log.ts'
import { Fault } from '#domain/refusal.ts'

export async function* exportAudit(reader: AuditReader, tenant: TenantNumber): AsyncIterable<string> {
  const head = await reader.head(tenant)
  const checkpoints: string[] = []
  for await (const jws of reader.checkpoints()) checkpoints.push(jws)
  for await (const record of reader.sealed(tenant)) {
    if (record.seq >= (head?.size ?? 0)) break
    yield recordLine(tenant, record)
  }
  for (const checkpoint of checkpoints) yield JSON.stringify({ checkpoint })
  if (head === undefined) return
  const { size, root, frontier } = head
  yield JSON.stringify({ tenant, size, root: base64url(root), frontier: base64url(frontier) })
}

/** Sequence and leaf are in every line: without them a removed record would not be missed. */
export function recordLine(tenant: TenantNumber, record: SealedRecord): string {
  const { seq, id, run, number, body } = record
  const personal = record.personal.map(({ user, name, value, salt }) => ({ user, name, value, salt: base64url(salt) }))
  const bytes = { leaf: coded(record.sealedLeaf), salt: coded(record.salt), mac: coded(record.mac) }
  return JSON.stringify({ tenant, seq, ...bytes, id, run, number, body, personal })
}

/** Reads lines of one tenant as the verifier reads a store. `lines` is asked for as often as a part is read. */
export function exportReader(lines: () => AsyncIterable<string>): AuditReader {
  async function* parts(): AsyncIterable<Record<string, unknown>> {
    for await (const line of lines()) if (line.trim() !== '') yield JSON.parse(line)
  }
  async function headOf(tenant?: TenantNumber): Promise<AuditHead | undefined> {
    for await (const part of parts()) {
      if (part.frontier === undefined || (tenant !== undefined && part.tenant !== tenant)) continue
      const bytes = { root: bytesOf(part.root)!, frontier: bytesOf(part.frontier)! }
      return { tenant: Number(part.tenant), size: Number(part.size), ...bytes }
    }
    return undefined
  }
  return {
    async *tenants() {
      const head = await headOf()
      if (head === undefined) throw new Fault('the export has no head: it was cut off')
      yield head.tenant
    },
    head: headOf,
    async *sealed(tenant) {
      for await (const part of parts()) if (part.tenant === tenant && part.seq !== undefined) yield recordOf(part)
    },
    async *checkpoints() {
      for await (const { checkpoint } of parts()) if (typeof checkpoint === 'string') yield checkpoint
    },
  }
}

function recordOf(part: Record<string, unknown>): SealedRecord {
  const id = Number(part.id)
  const tenant = Number(part.tenant)
  const personal = (part.personal ?? []) as { user: number; name: string; value: string; salt: string }[]
  const leaf = bytesOf(part.leaf)
  return {
    seq: Number(part.seq),
    sealedLeaf: leaf ?? new Uint8Array(),
    id,
    run: part.run as number | null,
    number: part.number as number | null,
    leaf: part.body === null ? null : leaf,
    salt: bytesOf(part.salt),
    mac: bytesOf(part.mac),
    body: part.body as string | null,
    personal: personal.map(value => ({ ...value, tenant, event: id, salt: bytesOf(value.salt)! })),
  }
}

function coded(bytes: Uint8Array | null): string | null {
  return bytes && base64url(bytes)
}

function bytesOf(text: unknown): Uint8Array | null {
  return typeof text === 'string' ? Buffer.from(text, 'base64url') : null
}
