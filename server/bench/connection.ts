/**
 * One keep-alive connection that sends a request, waits for its whole answer and calls back: HTTP/1.1 (RFC 9112) as far
 * as a load generator needs it. Cheaper than any client library, so that the server is what is measured.
 * Surprise: it understands Content-Length only; an answer in chunks ends the bench with an error.
 */
import { connect, type Socket } from 'node:net'

export interface Answer {
  readonly status: number
  /** Status line and headers, as they came. */
  readonly head: string
  readonly body: string
}

export type Answered = (answer: Answer) => void

const HEAD_END = Buffer.from('\r\n\r\n')
const LARGEST_ANSWER = 1_048_576

export class Connection {
  readonly #socket: Socket
  readonly #broken: (error: Error) => void
  #answered: Answered | undefined
  #held: Buffer | undefined

  constructor(port: number, broken: (error: Error) => void) {
    this.#broken = broken
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', bytes => this.#take(bytes))
    this.#socket.on('error', broken)
    this.#socket.on('close', () => {
      if (this.#answered) broken(new Error('the server closed a connection with a request under way'))
    })
  }

  send(request: Buffer, answered: Answered): void {
    this.#answered = answered
    this.#socket.write(request)
  }

  close(): void {
    this.#answered = undefined
    this.#socket.destroy()
  }

  #take(bytes: Buffer): void {
    const all = this.#held === undefined ? bytes : Buffer.concat([this.#held, bytes])
    const headEnd = all.indexOf(HEAD_END)
    if (headEnd < 0) {
      this.#held = all
      return
    }
    const head = all.toString('latin1', 0, headEnd)
    const at = head.search(/\r\ncontent-length:/i)
    if (at < 0) {
      this.#broken(new Error(`an answer without Content-Length:\n${head}`))
      return
    }
    const length = Number.parseInt(head.slice(at + 17, at + 30), 10)
    const end = headEnd + 4 + length
    if (end > LARGEST_ANSWER) {
      this.#broken(new Error('an answer is too large'))
      return
    }
    if (all.length < end) {
      this.#held = all
      return
    }
    this.#held = undefined
    const answered = this.#answered
    this.#answered = undefined
    answered?.({ status: Number(head.slice(9, 12)), head, body: all.toString('latin1', headEnd + 4, end) })
  }
}
