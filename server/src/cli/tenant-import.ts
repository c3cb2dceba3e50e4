/**
 * `countersign tenant import FILE`: takes in a tenant that `tenant export` wrote, under its name or another. It gets a
 * number of its own; ids, passwords, client secrets and used codes are as they were, everybody signs in anew.
 */
import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { OfficeCommand } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'
import { PASSPHRASE_FLAG, readPassphrase } from '#cli/tenant-export-passphrase.ts'
import { Refusal } from '#domain/refusal.ts'

export const tenantImport: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'tenant import',
  summary: 'Takes in a tenant that was exported.',
  takes: ['FILE'],
  flags: [PASSPHRASE_FLAG, { name: 'as', value: 'NAME', sentence: 'Its name here; else the one it had.' }],

  async run(given, { archive }) {
    const file = given.words[0] ?? ''
    if (!existsSync(file)) throw new Refusal('not_found', `There is no file ${file}.`)
    const as = typeof given.flags.as === 'string' ? given.flags.as : undefined
    const lines = () => createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Number.POSITIVE_INFINITY })
    const made = await archive.import(lines, readPassphrase(given), as)
    return {
      lines: [
        `Tenant ${made.name} is there: ${made.rows} rows.`,
        'Its audit begins anew; the one of before stays in the file as proof.',
      ],
      data: { tenant: made.name, number: made.number, rows: made.rows },
    }
  },
}
