/**
 * An answer that goes on: server-sent events (WHATWG HTML, section 9.2). The handler hands back what to do once the stream is
 * open; writing stops when the reader is gone, reads too slowly, or the server drains.
 */
import type { ServerResponse } from 'node:http'

export interface EventSink {
  /** False when the reader is gone or does not keep up: then the stream is over. */
  send(event: string, data: object): boolean
  close(): void
}

export class EventStream {
  /** Answers what is to be done when the stream ends. */
  readonly open: (sink: EventSink) => () => void

  constructor(open: (sink: EventSink) => () => void) {
    this.open = open
  }
}

const HEARTBEAT_MS = 20_000
/** Events are small; a reader that leaves this much unread is not reading. */
const MOST_UNREAD_BYTES = 65_536

/** The head is written already. */
export function runStream(response: ServerResponse, stream: EventStream): void {
  const write = (text: string): boolean => {
    if (response.writableEnded || response.destroyed) return false
    response.write(text)
    if (response.writableLength <= MOST_UNREAD_BYTES) return true
    response.destroy()
    return false
  }
  const end = stream.open({
    send: (event, data) => write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
    close: () => void response.end(),
  })
  const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS)
  response.on('close', () => {
    clearInterval(heartbeat)
    end()
  })
  write(': open\n\n')
}
