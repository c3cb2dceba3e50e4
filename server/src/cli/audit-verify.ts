/**
 * `countersign audit verify`: integrity and completeness of the audit, against checkpoints kept off the store where they are
 * given, of the store itself or of an exported file. Without an outside checkpoint it says what it cannot see.
 */
import { createReadStream, existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { exportReader } from '#audit/audit-export.ts'
import { jwsOfLines } from '#audit/checkpoint-place.ts'
import { verifyAudit } from '#audit/verify.ts'
import { auditLines, auditOf, isWhole } from '#cli/audit-verify-report.ts'
import type { OfficeCommand } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'
import { Refusal } from '#domain/refusal.ts'

/** Of a longer file the end is read: a checkpoint pins all that came before it. */
const MOST_BYTES = 64 * 1024 * 1024

export const auditVerify: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'audit verify',
  summary: 'Verifies that nothing was changed in the audit or removed from it.',
  flags: [
    { name: 'checkpoints', value: 'FILE', sentence: 'Checkpoints that were kept off the store.' },
    { name: 'export', value: 'FILE', sentence: 'Verifies this exported file instead of the store.' },
  ],

  async run({ flags }, office) {
    const checkpoints = typeof flags.checkpoints === 'string' ? await checkpointsIn(there(flags.checkpoints)) : []
    const report =
      typeof flags.export === 'string'
        ? await exported(there(flags.export), office, checkpoints)
        : await auditOf(office, checkpoints)
    return { lines: auditLines(report), data: report, exit: isWhole(report) ? 0 : 1 }
  },
}

function exported(file: string, { foundations: { storeKeys } }: Office, checkpoints: readonly string[]) {
  const lines = () => createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
  return verifyAudit(exportReader(lines), {
    checkpoints,
    publicKeys: [{ ...storeKeys.checkpointKey.publicJwk }],
    macKey: storeKeys.auditMacKey,
  })
}

async function checkpointsIn(path: string): Promise<readonly string[]> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.min(size, MOST_BYTES))
    await file.read(bytes, 0, bytes.length, size - bytes.length)
    const found = jwsOfLines(bytes.toString('utf8'))
    if (found.length === 0)
      throw new Refusal('invalid_value', `${path} holds no checkpoint. Give the file they were sent to.`)
    return found
  } finally {
    await file.close()
  }
}

function there(path: string): string {
  const file = path
  if (existsSync(file)) return file
  throw new Refusal('not_found', `There is no file ${file}.`)
}
