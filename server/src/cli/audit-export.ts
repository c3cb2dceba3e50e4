/** `countersign audit export FILE --tenant NAME`: a tenant's audit as JSON lines, each with its sequence and leaf. */
import { exportAudit } from '#audit/audit-export.ts'
import { storeReader } from '#audit/store-reader.ts'
import type { OfficeCommand } from '#cli/command.ts'
import { type Office, TENANT_FLAG, tenantOf } from '#cli/office.ts'
import { writeLines } from '#cli/tenant-export-file.ts'
import { auditLog } from '#storage/audit.ts'

export const auditExport: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'audit export',
  summary: 'Writes the audit of a tenant to a file that can be verified without this store.',
  takes: ['FILE'],
  flags: [TENANT_FLAG],

  async run(given, office) {
    const tenant = await tenantOf(given, office)
    const file = given.words[0] ?? ''
    const { store } = office.foundations
    const count = await writeLines(file, counted(exportAudit(storeReader(store, auditLog), tenant.number)))
    return {
      lines: [`${count} lines are in ${file}. Verify them: countersign audit verify --export ${file}`],
      data: { tenant: tenant.name, file, lines: count },
    }
  },
}

async function* counted(lines: AsyncIterable<string>): AsyncGenerator<string, number> {
  let count = 0
  for await (const line of lines) {
    count += 1
    yield line
  }
  return count
}
