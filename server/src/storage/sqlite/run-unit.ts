/**
 * Runs one unit of work to its end on a connection, within one JavaScript turn: nothing else can touch the connection
 * between its statements. The transaction around it belongs to the caller.
 */
import type { Unit } from '#domain/ports/store.ts'
import { STATEMENTS_PER_UNIT, tooManyStatements } from '#storage/engine-limits.ts'
import type { Connection } from '#storage/sqlite/connection.ts'

export function runUnit<T>(connection: Connection, unit: () => Unit<T>): T {
  const steps = unit()
  let left = STATEMENTS_PER_UNIT
  let step = steps.next([])
  while (step.done !== true) {
    const queries = step.value
    left -= queries.length
    if (left < 0) throw tooManyStatements()
    // A failing statement ends the unit from here: the generator is left as it stands, so the unit cannot catch it.
    const answers: (readonly unknown[])[] = []
    for (const query of queries) answers.push(connection.rows(query))
    step = steps.next(answers)
  }
  return step.value
}
