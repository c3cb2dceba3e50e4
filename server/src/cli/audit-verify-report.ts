/** The verifier of the audit over this store: its own keys, the running sealer given the chance to catch up first. */
import { storeReader } from '#audit/store-reader.ts'
import { type AuditReport, verifyAudit } from '#audit/verify.ts'
import type { Office } from '#cli/office.ts'
import { auditLog } from '#storage/audit.ts'

export async function auditOf(
  { foundations }: Pick<Office, 'foundations'>,
  checkpoints: readonly string[],
): Promise<AuditReport> {
  const { store, storeKeys, clock, sealer } = foundations
  await sealer.tick()
  return verifyAudit(storeReader(store, auditLog), {
    checkpoints,
    publicKeys: [{ ...storeKeys.checkpointKey.publicJwk }],
    macKey: storeKeys.auditMacKey,
    now: clock.now(),
  })
}

export function auditLines(report: AuditReport): readonly string[] {
  const { integrity, completeness, outside, read } = report
  return [
    ...[...integrity.findings, ...completeness.findings].map(({ code, sentence, tenant, seq }) => {
      const where = tenant === undefined ? '' : ` (tenant ${tenant}${seq === undefined ? '' : `, leaf ${seq}`})`
      return `${code}: ${sentence}${where}`
    }),
    `Integrity: ${integrity.verdict}. ${read.events} events of ${read.tenants} trees, ${read.checkpoints} checkpoints in the store.`,
    `Completeness: ${completeness.verdict}. ${completeness.void} void, ${completeness.lost} lost in a crash, ${completeness.lostByRestore} given up by a restore.`,
    outside.sentence,
  ]
}

export const isWhole = ({ integrity, completeness }: AuditReport): boolean =>
  integrity.verdict === 'intact' && completeness.verdict !== 'incomplete'
