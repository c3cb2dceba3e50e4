/**
 * Writes the restore itself into the audit, as the first event of the new epoch. The sealer signs the tree as it was found
 * before it adds this event: that full checkpoint is the record of where the epoch began.
 */
import { NodeLease } from '#administration/node-lease.ts'
import { AuditRecorder } from '#audit/recorder.ts'
import { closeRun, openRun } from '#audit/run.ts'
import { Happenings } from '#domain/ids.ts'
import { type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import { SystemClock } from '#jobs/clock.ts'
import { SystemRandom } from '#jobs/system-random.ts'
import { openMasterKey } from '#keys/master-key-check.ts'
import { openStoreKeys } from '#keys/store-keys.ts'
import type { Settings } from '#settings/read.ts'
import { auditLog } from '#storage/audit.ts'
import { keyQueries } from '#storage/keys.ts'
import { PostgresStore } from '#storage/postgres/store.ts'
import { SqliteStore } from '#storage/sqlite/store.ts'
import { storeQueries } from '#storage/store-rows.ts'

export async function recordRestore({ database, masterKey }: Settings, epoch: number): Promise<void> {
  const store =
    database.engine === 'sqlite'
      ? new SqliteStore(database.path)
      : new PostgresStore(database.url.reveal(), { connections: 2 })
  try {
    await record(store, masterKey, epoch)
  } finally {
    await store.close()
  }
}

async function record(store: Store, source: Settings['masterKey'], epoch: number): Promise<void> {
  const clock = new SystemClock()
  const random = new SystemRandom()
  const needs = { store, rows: keyQueries, random, clock }
  const { auditMacKey: macKey } = await openStoreKeys({ ...needs, master: await openMasterKey({ ...needs, source }) })
  const holder = Buffer.from(random.bytes(12)).toString('hex')
  const lease = await NodeLease.take({ store, rows: storeQueries, clock }, holder, true)
  const happenings = new Happenings(() => clock.now(), lease.node)
  const run = await openRun(store, auditLog, lease.node, clock.now())
  const recorder = new AuditRecorder({ happenings, random, run, macKey, log: auditLog })
  await store.write(WHOLE_STORE, function* (): Unit<void> {
    yield recorder.record(WHOLE_STORE, {
      action: 'restoreStore',
      result: 'SUCCESS',
      severity: 'Alert',
      actor: { kind: 'operator' },
      parameters: { TEXT1: epoch },
    }).queries
  })
  await closeRun({ store, log: auditLog, recorder }, clock.now())
  await lease.release()
}
