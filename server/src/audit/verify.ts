/**
 * The stand-alone verifier: reads a store, a copy or an export and gives two verdicts. Integrity: nothing that was sealed
 * was changed, moved or removed. Completeness: every number that was given out is accounted for. It trusts nothing it
 * reads but what a key given to it signed; without a checkpoint from outside it says what it cannot see.
 */
import type { JsonWebKey } from 'node:crypto'
import type { AuditReader } from '#audit/audit-reader.ts'
import { EventMac } from '#audit/event-mac.ts'
import { type Finding, Findings } from '#audit/finding.ts'
import { verifyCheckpoints } from '#audit/verify-checkpoints.ts'
import { type NumberCounts, verifyNumbers } from '#audit/verify-numbers.ts'
import { type TreeCounts, verifyTree } from '#audit/verify-tree.ts'
import type { TenantNumber } from '#domain/ids.ts'

type Options = {
  /** Compact JWS from off the database: the latest one, or as many as there are. */
  readonly checkpoints: readonly string[]
  /** ES256 keys as published; of retired keys too. */
  readonly publicKeys: readonly JsonWebKey[]
  /** The store's audit key. Without it an event that was invented before it was sealed is not noticed. */
  readonly macKey?: Uint8Array
  /** Judges the age of unsealed events; for a running store. */
  readonly now?: number
}

export interface AuditReport {
  readonly integrity: {
    readonly verdict: 'intact' | 'broken'
    readonly findings: readonly Finding[]
    readonly counts: Readonly<Record<string, number>>
  }
  readonly completeness: {
    /** `accounted`: events were lost by a crash or a restore, and each of them is accounted for. */
    readonly verdict: 'complete' | 'accounted' | 'incomplete' | 'unknown'
    readonly findings: readonly Finding[]
    readonly counts: Readonly<Record<string, number>>
    /** Numbers of units that rolled back: nothing happened under them. */
    readonly void: number
    /** Numbers whose process crashed before they were written. */
    readonly lost: number
    readonly lostByRestore: number
    readonly numbers: NumberCounts | undefined
  }
  readonly outside: { readonly checkpoints: number; readonly newestAt: number | undefined; readonly sentence: string }
  readonly read: TreeCounts & { readonly tenants: number; readonly checkpoints: number }
}

export async function verifyAudit(reader: AuditReader, options: Options): Promise<AuditReport> {
  const broken = new Findings()
  const incomplete = new Findings()
  const sources = { stored: reader.checkpoints(), outside: options.checkpoints, keys: options.publicKeys }
  const signed = await verifyCheckpoints(sources, broken)

  const counts: TreeCounts = { events: 0, void: 0, lost: 0, erasedValues: 0, macsChecked: 0 }
  const key = options.macKey && new EventMac(options.macKey)
  const seen = new Set<TenantNumber>()
  for await (const tenant of reader.tenants()) {
    seen.add(tenant)
    await verifyTree(reader, { tenant, findings: broken, key }, signed.expected.get(tenant) ?? [], counts)
  }
  // An export holds one tenant: of the others' trees nothing can be said.
  if (reader.runs !== undefined) {
    for (const [tenant, expected] of signed.expected) {
      if (!seen.has(tenant)) await verifyTree(reader, { tenant, findings: broken, key }, expected, counts)
    }
  }
  const numbers = reader.runs && (await verifyNumbers(reader.runs, options.now, incomplete))

  const { lostByRestore } = signed
  const allThere = counts.lost === 0 && lostByRestore === 0 ? 'complete' : 'accounted'
  const accounted = incomplete.none ? allThere : 'incomplete'
  return {
    integrity: { verdict: broken.none ? 'intact' : 'broken', findings: broken.listed, counts: broken.counts },
    completeness: {
      verdict: numbers === undefined ? 'unknown' : accounted,
      findings: incomplete.listed,
      counts: incomplete.counts,
      void: counts.void,
      lost: counts.lost,
      lostByRestore,
      numbers,
    },
    outside: {
      checkpoints: signed.outside,
      newestAt: signed.newestOutside?.at,
      sentence:
        signed.newestOutside === undefined
          ? 'No checkpoint from outside was given: a tail cut off, an older copy put back or a tree written anew cannot be noticed.'
          : `Checked against ${signed.outside} from outside, the newest of ${new Date(signed.newestOutside.at).toISOString()}.`,
    },
    read: { ...counts, tenants: seen.size, checkpoints: signed.inStore },
  }
}
