/** Statements and durable commits that calls cost, counted at the store. */
import type { Store, Unit } from '#domain/ports/store.ts'

export interface Cost {
  readonly statements: number
  readonly commits: number
}

/** Counts what goes through a store, and leaves it as it is. */
export function counted(store: Store) {
  let [statements, commits] = [0, 0]
  const read = store.read.bind(store)
  const write = store.write.bind(store)
  function* through<T>(unit: () => Unit<T>): Unit<T> {
    const running = unit()
    for (let step = running.next(); ; ) {
      if (step.done) return step.value
      statements += step.value.length
      step = running.next(yield step.value)
    }
  }
  Object.assign(store, {
    read: <T>(tenant: number, unit: () => Unit<T>) => read(tenant, () => through(unit)),
    async write<T>(tenant: number, unit: () => Unit<T>) {
      commits += 1
      return write(tenant, () => through(unit))
    },
  })
  return async <T>(call: () => Promise<T>): Promise<{ readonly cost: Cost; readonly answer: T }> => {
    ;[statements, commits] = [0, 0]
    const answer = await call()
    return { cost: { statements, commits }, answer }
  }
}
