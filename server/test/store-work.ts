/** What calls cost at the store of a world: units of work, statements, durable commits. */
import type { Query, Unit } from '#domain/ports/store.ts'
import type { World } from './world.ts'

export interface Cost {
  readonly units: number
  readonly statements: number
  readonly commits: number
}

export interface DoneUnit {
  readonly method: 'read' | 'write'
  readonly queries: readonly Query[]
}

export interface Measured<T> {
  readonly answer: T
  readonly cost: Cost
  /** Names of the statements in their order, `read` or `write` where a unit ended. */
  readonly names: readonly string[]
}

/** One call at a time. */
export type Measure = <T>(call: () => Promise<T>) => Promise<Measured<T>>

export interface Watching {
  /** Counts only these. */
  readonly only?: (unit: DoneUnit) => boolean
  /** Messages still go out, beside the calls. */
  readonly delivering?: boolean
}

/** Slices of budgets are taken, and the tenant is looked at, now and then, whoever asks. */
const nobodysOwn = ({ queries }: DoneUnit) =>
  queries.every(({ text }) => /\bbudget\b|from tenant where name/.test(text))

/** Watches the store from now on, in a quiet world: what works beside the calls would be counted with whichever is under way. */
export async function watchStore(
  world: World,
  { only = () => true, delivering = false }: Watching = {},
): Promise<Measure> {
  await world.quiet(delivering)
  const { store } = world.ground
  let units: DoneUnit[] = []
  for (const method of ['read', 'write'] as const) {
    const original = store[method].bind(store)
    store[method] = <T>(tenant: number, unit: () => Unit<T>): Promise<T> =>
      original(tenant, function* () {
        const queries: Query[] = []
        const running = unit()
        let step = running.next()
        while (!step.done) {
          queries.push(...step.value)
          step = running.next(yield step.value)
        }
        const done = { method, queries }
        if (!nobodysOwn(done) && only(done)) units.push(done)
        return step.value
      })
  }
  return async call => {
    units = []
    const answer = await call()
    const ended = units
    const names = ended.flatMap(({ method, queries }) => [...queries.map(({ name }) => name), method])
    const commits = ended.filter(({ method }) => method === 'write').length
    return { answer, names, cost: { units: ended.length, statements: names.length - ended.length, commits } }
  }
}
