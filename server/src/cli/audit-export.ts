/** `countersign audit export FILE --tenant NAME`: a tenant's audit as JSON lines, each with its sequence and leaf. */
import { createWriteStream, existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { exportAudit } from '#audit/audit-export.ts'
import { storeReader } from '#audit/store-reader.ts'
import type { OfficeCommand } from '#cli/command.ts'
import { type Office, TENANT_FLAG, tenantOf } from '#cli/office.ts'
import { wholePath } from '#cli/backup-path.ts'
import { Refusal } from '#domain/refusal.ts'
import { auditLog } from '#storage/audit.ts'

export const auditExport: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'audit export',
  summary: 'Writes the audit of a tenant to a file that can be verified without this store.',
  takes: ['FILE'],
  flags: [TENANT_FLAG],

  async run(given, office) {
    const tenant = await tenantOf(given, office)
    const file = wholePath(given.words[0] ?? '')
    if (existsSync(file)) throw new Refusal('uniqueness', `${file} exists already. Choose another name.`)
    const { store } = office.foundations
    const count = { lines: 0 }
    const part = `${file}.part`
    await rm(part, { force: true })
    const lines = exportAudit(storeReader(store, auditLog), tenant.number)
    await pipeline(Readable.from(ended(lines, count)), createWriteStream(part, { mode: 0o600, flush: true } as object))
    await rename(part, file)
    return {
      lines: [`${count.lines} lines are in ${file}. Verify them: countersign audit verify --export ${file}`],
      data: { tenant: tenant.name, file, ...count },
    }
  },
}

async function* ended(lines: AsyncIterable<string>, count: { lines: number }): AsyncIterable<string> {
  for await (const line of lines) {
    count.lines += 1
    yield `${line}\n`
  }
}
