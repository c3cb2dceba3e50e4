/** `countersign settings`: every setting of the process with its sentence and what stands without it. Shows no value. */
import type { FreeCommand } from '#cli/command.ts'
import { shape } from '#settings/shape.ts'
import { settingsTable } from '#settings/table.ts'

export const settings: FreeCommand = {
  runs: 'anywhere',
  words: 'settings',
  summary: 'Lists the settings that come from the environment.',

  async run() {
    return {
      lines: [settingsTable()],
      data: Object.values(shape).map(one => ({ name: one.name, sentence: one.sentence, default: one.default })),
    }
  },
}
