/**
 * `countersign restore FILE --yes`: puts a backup in the place of the store, as a new epoch. All tokens and sessions end,
 * codes used since stay used, and what could not be replayed is listed. Wants the home for itself: no server may run.
 * Surprise: the backup is refused when the master key at hand is not its own; it is looked at before anything is replaced.
 */
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { AloneCommand, Surroundings } from '#cli/command.ts'
import { masterKeyStep } from '#cli/restore-master-key.ts'
import { Refusal } from '#domain/refusal.ts'
import { StoreUnusable } from '#storage/engine-unusable.ts'
import { epochSteps } from '#storage/epoch-hooks.ts'
import { takeLease } from '#storage/lease.ts'
import { BINARY, migrations } from '#storage/migrations/list.ts'
import type { RaisedEpoch } from '#storage/raise-epoch.ts'

export const restore: AloneCommand = {
  runs: 'alone',
  words: 'restore',
  summary: 'Puts a backup in the place of the store; nothing used or revoked since works again.',
  takes: ['FILE'],
  flags: [{ name: 'yes', sentence: 'Yes, replace the store.' }],

  async run({ words: [given = ''], flags }, around) {
    const file = resolve(given)
    if (!existsSync(file)) throw new Refusal('not_found', `There is no file ${file}.`)
    if (flags.yes !== true) {
      const what = 'Everything since the backup is lost, and everybody signs in anew.'
      throw new Refusal('invalid_request', `${what} Say it again with --yes: countersign restore ${given} --yes`)
    }
    try {
      const now_ms = around.now_ms()
      const { epoch, lines } = await put(file, around, now_ms)
      return {
        lines: [
          `${file} is in place, as epoch ${epoch} of the store.`,
          ...lines,
          ...keptBeside(around, now_ms),
          'Start the server, then run: countersign verify',
        ],
        data: { file, epoch, lines },
      }
    } catch (error) {
      if (error instanceof StoreUnusable) throw new Refusal('action_not_possible', error.message)
      throw error
    }
  },
}

async function put(file: string, { settings, configuration }: Surroundings, now_ms: number): Promise<RaisedEpoch> {
  const steps = [await masterKeyStep(settings.masterKey), ...epochSteps({ now_ms, stock: configuration })]
  const options = { migrations, binary: BINARY, now_ms, steps }
  const { database } = settings
  const { restorePostgres, restoreSqlite } = await import('#storage/restore.ts')
  if (database.engine === 'postgres') return restorePostgres(file, database.url.reveal(), options)
  const lease = takeLease(settings.home)
  try {
    return await restoreSqlite(file, database.path, lease, options)
  } finally {
    lease.release()
  }
}

function keptBeside({ settings: { database } }: Surroundings, now_ms: number): readonly string[] {
  if (database.engine !== 'sqlite') return []
  const aside = `${database.path}.before-restore-${now_ms}`
  return existsSync(aside) ? [`The store that was there is kept as ${aside}: delete it when its time has come.`] : []
}
