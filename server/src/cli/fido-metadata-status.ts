/** `countersign fido-metadata status`: which FIDO metadata is here, and whether a newer one should be. */
import type { OfficeCommand, Report } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'
import type { MetadataState } from '#keys/webauthn/fido-metadata.ts'

export const fidoMetadataStatus: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'fido-metadata status',
  summary: 'Shows which FIDO metadata of security keys is here.',

  async run(_given, { foundations: { fidoMetadata, clock } }) {
    const state = await fidoMetadata.state()
    if (state) return metadataReport(state, clock.now())
    const lines = ['There is no FIDO metadata here. Bring it in: countersign fido-metadata import FILE']
    return { lines, data: null, exit: 1 }
  },
}

const DAY_MS = 86_400_000

export function metadataReport(state: MetadataState, now_ms: number): Report {
  const { no, nextUpdate, models, skipped } = state
  const overdue = Date.parse(nextUpdate) + DAY_MS < now_ms
  return {
    lines: [
      `FIDO metadata number ${no}: ${models} models; the next one was announced for ${nextUpdate}.`,
      ...(skipped > 0 ? [`${skipped} entries could not be read and were left out.`] : []),
      ...(overdue ? ['It is out of date: reports of compromised models may be missing.'] : []),
    ],
    data: { ...state, overdue },
  }
}
