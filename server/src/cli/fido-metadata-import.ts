/**
 * `countersign fido-metadata import FILE`: the FIDO metadata as FIDO publishes it (a signed JWT), for networks without a way out. Nothing in
 * it is believed before its signature led to a pinned root; an older one than that of the store is refused.
 */
import { readFileSync, statSync } from 'node:fs'
import type { OfficeCommand } from '#cli/command.ts'
import { metadataReport } from '#cli/fido-metadata-status.ts'
import type { Office } from '#cli/office.ts'
import { Refusal } from '#domain/refusal.ts'

const LARGEST_FILE = 64 * 1024 * 1024

export const fidoMetadataImport: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'fido-metadata import',
  summary: 'Brings in the FIDO metadata of security keys from a file.',
  takes: ['FILE'],

  async run({ words }, { foundations: { fidoMetadata, clock } }) {
    const [path = ''] = words
    const facts = statSync(path, { throwIfNoEntry: false })
    if (!facts?.isFile()) throw new Refusal('not_found', `There is no file ${path}.`)
    if (facts.size > LARGEST_FILE) throw new Refusal('too_large', `${path} is larger than ${LARGEST_FILE} bytes.`)
    const { state, isNew } = await fidoMetadata.bring(readFileSync(path, 'latin1'), { kind: 'operator' })
    const report = metadataReport(state, clock.now())
    const [first = '', ...rest] = report.lines
    return { ...report, lines: [isNew ? first : `It was here already. ${first}`, ...rest] }
  },
}
