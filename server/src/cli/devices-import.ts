/**
 * `countersign devices import FILE`: hardware tokens from a PSKC file (RFC 6030) or CSV. All or nothing, unless --partial.
 * A key that opens the file comes in a file of its own, so that it stands in no process list and no history.
 */
import { readFileSync, statSync } from 'node:fs'
import { basename } from 'node:path'
import type { Arguments, OfficeCommand } from '#cli/command.ts'
import { type Office, TENANT_FLAG, tenantOf } from '#cli/office.ts'
import { Refusal } from '#domain/refusal.ts'

const LARGEST_FILE = 16 * 1024 * 1024
const LARGEST_KEY = 1024
const SHOWN = 50

export const devicesImport: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'devices import',
  summary: 'Imports hardware tokens from a PSKC or CSV file.',
  takes: ['FILE'],
  flags: [
    TENANT_FLAG,
    { name: 'type', value: 'DEVICE_TYPE', sentence: 'As in DT_POCK_OT.', needed: true },
    { name: 'key', value: 'KEY', sentence: 'The same in place of a file; others on this machine may see it.' },
    {
      name: 'key-file',
      value: 'FILE',
      sentence: 'File with the key (hex or base64) or the pass phrase of the PSKC file.',
    },
    { name: 'partial', sentence: 'Imports the good rows of a file that has bad ones.' },
    { name: 'pending', sentence: 'The devices wait to be activated.' },
    {
      name: 'allow-missing-mac',
      sentence: 'Accepts encrypted values without a MAC, of a file that came by a trusted road.',
    },
  ],

  async run(given, office) {
    const tenant = await tenantOf(given, office)
    const file = given.words[0] ?? ''
    const outcome = await office.imports.run(
      tenant,
      {
        content: bytesOf(file, LARGEST_FILE),
        fileName: basename(file),
        deviceType: String(given.flags.type),
        status: given.flags.pending === true ? 'PENDING' : 'ACTIVE',
        partial: given.flags.partial === true,
        allowMissingMac: given.flags['allow-missing-mac'] === true,
        ...keyOf(given),
      },
      { kind: 'operator' },
    )
    const { job, devices } = outcome
    const done = job.status === 'SUCCESS'
    const rest = job.problemCount > SHOWN ? [`… and ${job.problemCount - SHOWN} more`] : []
    return {
      lines: [
        done
          ? `${devices.length} devices are imported.`
          : 'Nothing was imported: the file has problems. Correct them, or say --partial.',
        ...job.problems.slice(0, SHOWN).map(({ row, where, sentence }) => `row ${row}, ${where}: ${sentence}`),
        ...rest,
      ],
      data: { ...job, devices: devices.map(String) },
      exit: done && job.problemCount === 0 ? 0 : 1,
    }
  },
}

function keyOf({ flags }: Arguments): { readonly encryptionKey?: string } {
  const file = flags['key-file']
  if (typeof flags.key === 'string') return { encryptionKey: flags.key }
  if (typeof file !== 'string') return {}
  return {
    encryptionKey: Buffer.from(bytesOf(file, LARGEST_KEY)).toString('utf8').trim(),
  }
}

function bytesOf(path: string, largest: number): Uint8Array {
  const facts = statSync(path, { throwIfNoEntry: false })
  if (!facts?.isFile()) throw new Refusal('not_found', `There is no file ${path}.`)
  if (facts.size > largest) throw new Refusal('too_large', `${path} is larger than ${largest} bytes.`)
  return readFileSync(path)
}
