/**
 * `countersign backup [FILE]`: a consistent copy of the store while it serves. Mode 0600; it never holds the master key, so
 * keep that elsewhere. The running server writes the file: a relative path would mean its folder, not the caller's.
 */
import { join } from 'node:path'
import type { OfficeCommand } from '#cli/command.ts'
import type { Office } from '#cli/office.ts'
import { Refusal } from '#domain/refusal.ts'
import { backupPostgres, backupSqlite } from '#storage/backup.ts'
import { StoreUnusable } from '#storage/engine-unusable.ts'

export const backup: OfficeCommand<Office> = {
  runs: 'in the office',
  words: 'backup',
  summary: 'Writes a copy of the store to a file, while it serves.',
  takes: ['FILE?'],

  async run({ words: [given] }, { foundations: { settings, clock } }) {
    const file = given === undefined ? inFolder(settings.backups, clock.now()) : given
    const { database } = settings
    try {
      await (database.engine === 'sqlite'
        ? backupSqlite(database.path, file)
        : backupPostgres(database.url.reveal(), file))
    } catch (error) {
      if (error instanceof StoreUnusable) throw new Refusal('action_not_possible', error.message)
      throw error
    }
    return {
      lines: [
        `The store is copied to ${file}.`,
        'It does not hold the master key: keep a copy of that in another place. Without it no secret in the backup can be read.',
      ],
      data: { file, engine: database.engine },
    }
  },
}

function inFolder(folder: string | undefined, now_ms: number): string {
  if (folder === undefined) {
    throw new Refusal(
      'invalid_value',
      'Say into which file: countersign backup FILE. Or set COUNTERSIGN_BACKUPS to a folder.',
    )
  }
  return join(folder, `countersign-${new Date(now_ms).toISOString().replace(/[:.]/g, '-')}.backup`)
}
