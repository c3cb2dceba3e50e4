/**
 * Work that repeats: each job has a name and an interval, waits up to a tenth longer (so that nodes do not march in step),
 * never overlaps itself, and survives its own errors: they are told and counted. After `stop` no timer is left and none of
 * the jobs is running. Jobs that run long look at their signal.
 */
import type { Random } from '#domain/ports/random.ts'

export interface Job {
  readonly name: string
  readonly interval_ms: number
  run(signal: AbortSignal): Promise<void>
}

export interface JobCount {
  readonly name: string
  readonly runs: number
  readonly failures: number
}

export interface RunnerNeeds {
  readonly random: Random
  readonly onError: (name: string, error: unknown) => void
}

interface Entry {
  readonly job: Job
  runs: number
  failures: number
  timer: NodeJS.Timeout | undefined
  running: Promise<void> | undefined
}

const MOST_JOBS = 100
const JITTER = 0.1

export class JobRunner {
  readonly #entries = new Map<string, Entry>()
  readonly #stopping = new AbortController()
  readonly #needs: RunnerNeeds

  constructor(needs: RunnerNeeds) {
    this.#needs = needs
  }

  /** The first run is one interval away. */
  add(job: Job): void {
    if (this.#stopping.signal.aborted) throw new Error('the jobs are stopped')
    if (this.#entries.has(job.name) || this.#entries.size >= MOST_JOBS)
      throw new Error(`job ${job.name} cannot be added`)
    const entry: Entry = { job, runs: 0, failures: 0, timer: undefined, running: undefined }
    this.#entries.set(job.name, entry)
    this.#wait(entry)
  }

  /** Runs a job now, or waits for its run under way; the next run is one interval later. */
  async runNow(name: string): Promise<void> {
    const entry = this.#entries.get(name)
    if (!entry) throw new Error(`there is no job ${name}`)
    if (this.#stopping.signal.aborted) return
    await this.#start(entry)
  }

  counts(): readonly JobCount[] {
    return [...this.#entries.values()].map(({ job, runs, failures }) => ({ name: job.name, runs, failures }))
  }

  /** Resolves when no job runs any more. May be called twice. */
  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const { timer } of this.#entries.values()) clearTimeout(timer)
    await Promise.all([...this.#entries.values()].map(({ running }) => running))
  }

  #wait(entry: Entry): void {
    const delay_ms = Math.round(entry.job.interval_ms * (1 + (JITTER * this.#chance(entry)) / 256))
    entry.timer = setTimeout(() => void this.#start(entry), delay_ms)
    entry.timer.unref()
  }

  /** 0 to 255. A job whose delay cannot be varied still runs: sweeps must not stop because chance does. */
  #chance({ job }: Entry): number {
    try {
      return this.#needs.random.bytes(1)[0] ?? 0
    } catch (error) {
      this.#needs.onError(job.name, error)
      return 0
    }
  }

  #start(entry: Entry): Promise<void> {
    clearTimeout(entry.timer)
    entry.running ??= this.#run(entry).then(() => {
      entry.running = undefined
      if (!this.#stopping.signal.aborted) this.#wait(entry)
    })
    return entry.running
  }

  async #run(entry: Entry): Promise<void> {
    try {
      await entry.job.run(this.#stopping.signal)
      entry.runs += 1
    } catch (error) {
      entry.failures += 1
      this.#needs.onError(entry.job.name, error)
    }
  }
}
