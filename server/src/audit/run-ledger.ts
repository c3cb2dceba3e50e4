/**
 * The numbers of this process's run. A number is given out in memory when an event is made; whether it ever reached the
 * disk shows only in the store. So the ledger keeps marks ("by this time, these had been given out") instead of every
 * number: past a mark of some age, a number that does not stand in the store belongs to a unit that rolled back.
 */
type Mark = { readonly at: number; readonly given: number }

export class RunLedger {
  readonly run: number
  /** Until when the run's row says that it lives; what `tendRun` last wrote. */
  aliveUntil = 0
  #given = 0
  #settled = 0
  #marks: Mark[] = []

  constructor(run: number) {
    this.run = run
  }

  take(): number {
    return ++this.#given
  }

  /** The last number given out; 0 before the first. */
  get given(): number {
    return this.#given
  }

  /** Every number up to this one stands in the store, as an event or as void. */
  get settled(): number {
    return this.#settled
  }

  /** Notes the time, and answers the last number given out at least `age_ms` ago. */
  horizon(now: number, age_ms: number): number {
    const last = this.#marks.at(-1)
    if (this.#given > (last?.given ?? this.#settled)) this.#marks.push({ at: now, given: this.#given })
    let given = this.#settled
    for (const mark of this.#marks) if (mark.at + age_ms <= now) given = Math.max(given, mark.given)
    return given
  }

  settle(upTo: number): void {
    this.#settled = Math.max(this.#settled, upTo)
    this.#marks = this.#marks.filter(mark => mark.given > this.#settled)
  }
}
