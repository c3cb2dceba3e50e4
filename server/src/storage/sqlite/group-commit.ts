/**
 * Runs a batch of units in one durable transaction and says how each ended.
 * At first without savepoints, which is what nearly every batch needs; when a unit throws or a statement breaks, the
 * batch is rolled back and run again with a savepoint around each unit, so that its neighbours do not notice.
 * Surprise: when the commit itself fails nobody knows whether it reached the disk: every unit is told so, none is repeated.
 */
import type { Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Connection } from '#storage/sqlite/connection.ts'
import { runUnit } from '#storage/sqlite/run-unit.ts'

export type Ending = { readonly value: unknown } | { readonly error: unknown }

export function groupCommit(connection: Connection, units: readonly (() => Unit<unknown>)[]): readonly Ending[] {
  const refused = begun(connection)
  if (refused !== undefined) return units.map(() => ({ error: refused }))
  let endings: readonly Ending[]
  try {
    endings = units.map(unit => ({ value: runUnit(connection, unit) }))
  } catch (error) {
    rolledBack(connection)
    // A batch of one has no neighbours to spare.
    return units.length === 1 ? [{ error }] : guarded(connection, units)
  }
  return committed(connection, endings)
}

function guarded(connection: Connection, units: readonly (() => Unit<unknown>)[]): readonly Ending[] {
  const { database } = connection
  const refused = begun(connection)
  if (refused !== undefined) return units.map(() => ({ error: refused }))
  const endings: Ending[] = []
  for (const unit of units) {
    database.exec('savepoint unit')
    try {
      endings.push({ value: runUnit(connection, unit) })
    } catch (error) {
      endings.push({ error })
      // A full disk ends the whole transaction, not only the savepoint: then nobody's work stands.
      if (!database.isTransaction) return units.map(() => ({ error }))
      database.exec('rollback to unit')
    }
    database.exec('release unit')
  }
  return committed(connection, endings)
}

function begun(connection: Connection): Refusal | undefined {
  try {
    connection.database.exec('begin immediate')
    return undefined
  } catch (error) {
    return new Refusal('temporarily_unavailable', undefined, { reason: `begin failed: ${(error as Error).message}` })
  }
}

function committed(connection: Connection, endings: readonly Ending[]): readonly Ending[] {
  try {
    connection.database.exec('commit')
    return endings
  } catch (error) {
    rolledBack(connection)
    const unknown = new Refusal('outcome_unknown', undefined, { reason: `commit failed: ${(error as Error).message}` })
    return endings.map(ending => ('error' in ending ? ending : { error: unknown }))
  }
}

function rolledBack({ database }: Connection): void {
  if (database.isTransaction) database.exec('rollback')
}
