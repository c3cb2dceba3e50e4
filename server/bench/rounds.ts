/**
 * Rounds over all lanes in turn, A B C A B C …, and what came of them: medians over the rounds, and ratios as the median
 * of each round's own ratio. An answer other than 200 ends the bench: a fast refusal is no throughput.
 */
import type { Lane } from './lanes.ts'
import type { LoadResult } from './load.ts'
import type { LoadProcess } from './load-process.ts'
import { resident_mb } from './usage.ts'

export interface Pace {
  readonly rounds: number
  readonly warm_ms: number
  readonly measure_ms: number
}

export interface Measured {
  readonly lane: Lane
  readonly rounds: readonly LoadResult[]
  readonly resident_mb: number
}

export const CONNECTIONS = 32
/** Requests a second that no server here reaches; bounds how many codes are made before a round. */
const MOST_PER_SECOND = 30_000
const CLOCKLESS_MS = 300

export class Rounds {
  readonly #load: LoadProcess
  readonly #sent = new Map<string, number>()
  /** Per lane, from the round before: how many requests to have ready for the next. */
  readonly #pace = new Map<string, number>()

  constructor(load: LoadProcess) {
    this.#load = load
  }

  async run(lanes: readonly Lane[], pace: Pace, told: (line: string) => void): Promise<readonly Measured[]> {
    const results = new Map<Lane, LoadResult[]>(lanes.map(lane => [lane, []]))
    for (const lane of lanes) await this.once(lane, pace.warm_ms, pace.measure_ms)
    for (let round = 1; round <= pace.rounds; round++) {
      for (const lane of lanes) {
        const result = await this.once(lane, CLOCKLESS_MS, pace.measure_ms)
        results.get(lane)?.push(result)
      }
      told(`round ${round} of ${pace.rounds}: ${lanes.map(one => `${one.name} ${lastOf(results, one)}`).join(', ')}`)
    }
    return lanes.map(lane => ({
      lane,
      rounds: results.get(lane) as LoadResult[],
      resident_mb: resident_mb(lane.server.pid),
    }))
  }

  async once(lane: Lane, warm_ms: number, measure_ms: number): Promise<LoadResult> {
    const sent = this.#sent.get(lane.series) ?? 0
    const perSecond = Math.min(MOST_PER_SECOND, (this.#pace.get(lane.name) ?? MOST_PER_SECOND / 2) * 2 + 500)
    const result = await this.#load.run({
      port: lane.server.port,
      connections: CONNECTIONS,
      warm_ms,
      measure_ms,
      most: lane.once ? Math.ceil((perSecond * (warm_ms + measure_ms)) / 1000) : Number.MAX_SAFE_INTEGER,
      plan: await lane.plan(sent),
      server: lane.server.pid,
      database: lane.database,
    })
    if (result.failure !== undefined) throw new Error(`${lane.name} was answered ${result.failure}`)
    this.#sent.set(lane.series, sent + result.sent)
    this.#pace.set(lane.name, result.perSecond)
    return result
  }
}

const lastOf = (results: ReadonlyMap<Lane, readonly LoadResult[]>, lane: Lane): string =>
  Math.round(results.get(lane)?.at(-1)?.perSecond ?? 0).toLocaleString('en')

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

export const medianOf = (measured: Measured, value: (round: LoadResult) => number): number =>
  median(measured.rounds.map(value))

/** How many times more the one does than the other: the median over rounds, because a round's lanes share its weather. */
export const ratioOf = (one: Measured, other: Measured): number =>
  median(one.rounds.map((round, n) => round.perSecond / (other.rounds[n]?.perSecond ?? Number.NaN)))
