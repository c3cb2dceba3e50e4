/**
 * `countersign tenant export NAME FILE`: one tenant as JSON lines, its secrets sealed under a pass phrase, its audit with it
 * as proof. For moving it to another store or handing it over. The format: docs/operate/cli.md.
 */

import type { OfficeCommand } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'
import { writeLines } from '#cli/tenant-export-file.ts'
import { PASSPHRASE_FLAG, readPassphrase } from '#cli/tenant-export-passphrase.ts'

export const tenantExport: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'tenant export',
  summary: 'Writes one tenant to a file, its secrets under a pass phrase.',
  takes: ['NAME', 'FILE'],
  flags: [
    PASSPHRASE_FLAG,
    { name: 'stopped', sentence: 'No server runs on this store: the tenant may be read in parts, however large.' },
  ],

  async run(given, { archive }) {
    const [name = '', path = ''] = given.words
    const file = path
    const passphrase = readPassphrase(given)
    const count = await writeLines(file, archive.export(name, passphrase, given.flags.stopped === true))
    return {
      lines: [
        `Tenant ${name} is in ${file}: ${count.rows} rows, ${count.audit} lines of its audit.`,
        'Sessions, tokens and open challenges are not in it.',
      ],
      data: { tenant: name, file, ...count },
    }
  },
}
