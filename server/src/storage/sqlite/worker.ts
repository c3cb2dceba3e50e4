/**
 * Long work on a SQLite file that must not hold up the event loop, in a thread with a connection of its own:
 * checkpoints of the write-ahead log, consistent copies.
 * Surprise: the thread's program is a text. A worker needs a file that Node can run, and this room runs from its
 * TypeScript source in tests and from built files elsewhere; a text is the same in both.
 */
import { Worker } from 'node:worker_threads'
import { Fault } from '#domain/refusal.ts'
import { sqliteModule } from '#storage/sqlite/open-database.ts'

/** `rows`: the first row of the pragma or query, `failure`: SQLite's words. */
type Reply = { readonly row?: Record<string, number | string>; readonly failure?: string }

const PROGRAM = `
  const { parentPort, workerData } = require('node:worker_threads')
  const { DatabaseSync } = require(workerData.module)
  const database = new DatabaseSync(workerData.path, { timeout: workerData.timeout_ms })
  database.exec('pragma synchronous = full')
  parentPort.on('message', ({ text, values }) => {
    if (text === undefined) { database.close(); parentPort.close(); return }
    try { parentPort.postMessage({ row: { ...database.prepare(text).get(...values) } }) }
    catch (error) { parentPort.postMessage({ failure: error.message }) }
  })
`

/** Runs one statement at a time, in the order they were asked. */
export class SqliteWorker {
  readonly #worker: Worker
  readonly #ended: Promise<void>
  readonly #waiting: { answer(row: Record<string, number | string>): void; fail(error: Fault): void }[] = []
  #failure: Fault | undefined

  constructor(path: string, timeout_ms: number) {
    const workerData = { module: sqliteModule(), path, timeout_ms }
    this.#worker = new Worker(PROGRAM, { eval: true, workerData })
    this.#worker.unref()
    this.#worker.on('message', (reply: Reply) => {
      const next = this.#waiting.shift()
      if (this.#waiting.length === 0) this.#worker.unref()
      if (reply.row !== undefined) next?.answer(reply.row)
      else next?.fail(new Fault(`SQLite in its thread: ${reply.failure}`))
    })
    this.#worker.on('error', cause => this.#end(new Fault('the thread for SQLite broke', { cause })))
    this.#ended = new Promise(resolve => {
      this.#worker.on('exit', () => {
        this.#end(new Fault('the thread for SQLite has ended'))
        resolve()
      })
    })
  }

  first(text: string, ...values: readonly string[]): Promise<Record<string, number | string>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    return new Promise((answer, fail) => {
      this.#waiting.push({ answer, fail })
      // Keeps the process alive while somebody waits, and only then.
      this.#worker.ref()
      this.#worker.postMessage({ text, values })
    })
  }

  close(): Promise<void> {
    this.#worker.ref()
    this.#worker.postMessage({})
    return this.#ended
  }

  #end(failure: Fault): void {
    this.#failure ??= failure
    for (const one of this.#waiting.splice(0)) one.fail(this.#failure)
  }
}
