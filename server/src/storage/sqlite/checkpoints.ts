/**
 * Moves committed pages from the write-ahead log into the database, off the event loop.
 * Each second when something was written: a passive checkpoint, which waits for nobody. When the log has outgrown its
 * bound, the writer asks to `restart` it and waits: without writers and with short snapshots the log is emptied and
 * written from its beginning again.
 */
import { SqliteWorker } from '#storage/sqlite/worker.ts'

const EACH_MS = 1000
/** How long a restart may wait for readers (a running backup, say) before the writer goes on. */
const RESTART_PATIENCE_MS = 250

export class Checkpoints {
  readonly #worker: SqliteWorker
  readonly #timer: NodeJS.Timeout
  readonly #largest_pages: number
  #written = false
  #tooLarge = false
  #running: Promise<void> | undefined

  constructor(path: string, largest_pages: number) {
    this.#worker = new SqliteWorker(path, RESTART_PATIENCE_MS)
    this.#largest_pages = largest_pages
    this.#timer = setInterval(() => this.#passive(), EACH_MS)
    this.#timer.unref()
  }

  /** The writer has committed something. */
  noteCommit(): void {
    this.#written = true
  }

  /** The log has outgrown its bound: the writer should pause and call `restart`. */
  get isDue(): boolean {
    return this.#tooLarge
  }

  async restart(): Promise<void> {
    this.#tooLarge = false
    await this.#running
    await this.#checkpoint('pragma wal_checkpoint(restart)')
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#running
    await this.#worker.close()
  }

  #passive(): void {
    if (!this.#written || this.#running !== undefined) return
    this.#written = false
    this.#running = this.#checkpoint('pragma wal_checkpoint(passive)').then(logged => {
      this.#running = undefined
      this.#tooLarge = logged > this.#largest_pages
    })
  }

  /** Answers how many pages the log holds. A checkpoint that fails is tried again later; nothing is lost meanwhile. */
  async #checkpoint(text: string): Promise<number> {
    try {
      const { log } = await this.#worker.first(text)
      return Number(log)
    } catch {
      this.#written = true
      return 0
    }
  }
}
