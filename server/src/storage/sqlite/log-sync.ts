/**
 * Makes what was written to the write-ahead log durable (fdatasync), beside the event loop, which goes on meanwhile; what arrives there
 * gathers for the next commit. A descriptor of its own does it: the kernel writes out the file, whoever wrote to it.
 * Surprise: a sync that failed is never tried again. The kernel may have dropped the pages and told it only once, so a second one
 * would succeed and mean nothing.
 */
import { closeSync, fdatasync, openSync } from 'node:fs'
import { Fault } from '#domain/refusal.ts'

export interface DurableLog {
  /** Resolves when all that is in the log now is on the disk; rejects when that cannot be said. One at a time. */
  run(): Promise<void>
  close(): void
}

export class LogSync implements DurableLog {
  readonly #path: string
  #file: number | undefined
  #failure: Fault | undefined

  constructor(databasePath: string) {
    this.#path = `${databasePath}-wal`
  }

  run(): Promise<void> {
    return new Promise((done, failed) => {
      if (this.#failure !== undefined) throw this.#failure
      // There since the first transaction, and the same file until the last connection closes.
      this.#file ??= openSync(this.#path, 'r+')
      fdatasync(this.#file, cause => {
        if (cause === null) return done()
        this.#failure = new Fault('the write-ahead log could not be made durable', { cause })
        failed(this.#failure)
      })
    })
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
  }
}
