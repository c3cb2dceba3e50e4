/**
 * Runs the reads of one turn in one transaction and says how each ended. A commit empties the reader's page cache, so the first statement
 * behind it reads its pages anew and takes the file's lock: once for all of a group where each alone would pay for it.
 * A read that throws does not touch its neighbours.
 */
import type { Unit } from '#domain/ports/store.ts'
import type { Connection } from '#storage/sqlite/connection.ts'
import type { Ending } from '#storage/sqlite/group-commit.ts'
import { runUnit } from '#storage/sqlite/run-unit.ts'

export function groupRead(connection: Connection, units: readonly (() => Unit<unknown>)[]): readonly Ending[] {
  const { database } = connection
  try {
    // One alone needs none for its snapshot: only this process writes, and no commit falls into this turn.
    if (units.length > 1) database.exec('begin')
    const endings = units.map(unit => ended(connection, unit))
    if (database.isTransaction) database.exec('commit')
    return endings
  } catch (error) {
    if (database.isTransaction) database.exec('rollback')
    return units.map(() => ({ error }))
  }
}

function ended(connection: Connection, unit: () => Unit<unknown>): Ending {
  try {
    return { value: runUnit(connection, unit) }
  } catch (error) {
    return { error }
  }
}
