/** The load process as the bench sees it: one job at a time, one answer each. */
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { LoadJob, LoadResult } from './load.ts'
import { LOAD_CORE, onCore } from './pinning.ts'

type Reply = { readonly result: LoadResult } | { readonly error: string }

export class LoadProcess {
  readonly #child: ChildProcess

  constructor() {
    const program = fileURLToPath(new URL('load.js', import.meta.url))
    const [command, words] = onCore(LOAD_CORE, process.execPath, [program])
    this.#child = spawn(command, words, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  }

  run(job: LoadJob): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      const ended = () => reject(new Error('the load process has ended'))
      this.#child.once('exit', ended)
      this.#child.once('message', (reply: Reply) => {
        this.#child.removeListener('exit', ended)
        if ('error' in reply) reject(new Error(reply.error))
        else resolve(reply.result)
      })
      this.#child.send(job)
    })
  }

  close(): void {
    this.#child.kill()
  }
}
