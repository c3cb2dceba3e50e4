/**
 * `countersign verify`: goes through the whole store and tells every row that no unit of work could have left behind,
 * whether every secret opens, and whether the audit is whole. Reads only; a server may run meanwhile. Exit code 1 when
 * something was found.
 */

import { auditOf } from '#cli/audit-verify-report.ts'
import type { OfficeCommand } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'
import { type StoreFinding, verifyRows } from '#cli/verify-rows.ts'

const SHOWN = 100

export const verify: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'verify',
  summary: 'Checks every row of the store and the whole audit.',

  async run(_, office) {
    const { findings, total, tenants, rows } = await verifyRows(office)
    const audit = await auditOf(office, [])
    const broken = audit.integrity.findings.length + audit.completeness.findings.length
    const hidden = total - Math.min(findings.length, SHOWN)
    return {
      lines: [
        ...findings.slice(0, SHOWN).map(lineOf),
        ...(hidden > 0 ? [`… and ${hidden} more`] : []),
        ...[...audit.integrity.findings, ...audit.completeness.findings].map(
          ({ code, sentence }) => `audit, ${code}: ${sentence}`,
        ),
        total + broken === 0
          ? `Clean: ${rows} rows of ${tenants} tenants, ${audit.read.events} events.`
          : `${total} rows and ${broken} findings of the audit are not as they should be. Do not repair by hand: keep a copy and look into the log.`,
      ],
      data: { findings, total, tenants, rows, audit },
      exit: total + broken === 0 ? 0 : 1,
    }
  },
}

const lineOf = ({ tenant, table, row, sentence }: StoreFinding): string =>
  `tenant ${tenant}, ${table} ${row}: ${sentence}`
