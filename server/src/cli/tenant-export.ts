/**
 * `countersign tenant export NAME FILE`: one tenant as JSON lines, its secrets sealed under a pass phrase, its audit with it
 * as proof. For moving it to another store or handing it over. The format: docs/operate/cli.md.
 */
import { existsSync } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import type { OfficeCommand } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'
import { PASSPHRASE_FLAG, readPassphrase } from '#cli/tenant-export-passphrase.ts'
import { wholePath } from '#cli/backup-path.ts'
import { Refusal } from '#domain/refusal.ts'

const WRITTEN_AT_ONCE = 256 * 1024

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
    const file = wholePath(path)
    const passphrase = readPassphrase(given)
    if (existsSync(file)) throw new Refusal('uniqueness', `${file} exists already. Choose another name.`)
    const count = await written(file, archive.export(name, passphrase, given.flags.stopped === true))
    return {
      lines: [
        `Tenant ${name} is in ${file}: ${count.rows} rows, ${count.audit} lines of its audit.`,
        'Sessions, tokens and open challenges are not in it.',
      ],
      data: { tenant: name, file, ...count },
    }
  },
}

/** The file gets its name when it is whole and on the disk. */
async function written<T>(file: string, lines: AsyncGenerator<string, T>): Promise<T> {
  const part = `${file}.part`
  await rm(part, { force: true })
  const target = await open(part, 'wx', 0o600)
  try {
    let text = ''
    for (;;) {
      const step = await lines.next()
      if (!step.done) text += `${step.value}\n`
      if (step.done || text.length > WRITTEN_AT_ONCE) {
        await target.appendFile(text)
        text = ''
      }
      if (!step.done) continue
      await target.sync()
      await target.close()
      await rename(part, file)
      return step.value
    }
  } catch (error) {
    await target.close().catch(() => undefined)
    await rm(part, { force: true })
    throw error
  }
}
