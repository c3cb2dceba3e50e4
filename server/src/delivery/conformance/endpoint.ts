/**
 * A real HTTP endpoint on loopback that gateways are tried against: it keeps what came, and answers as it is told, also badly.
 * Every answer is used once and in its order; after the last one it answers 201.
 */
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

export type Answer = (response: ServerResponse) => void

export interface Endpoint {
  readonly url: string
  readonly received: readonly Received[]
  answer(...answers: readonly Answer[]): void
  close(): Promise<void>
}

/** On the port of one that was closed, when it is given. */
export async function openEndpoint(port = 0): Promise<Endpoint> {
  const received: Received[] = []
  const answers: Answer[] = []
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts) })
      const answer = answers.shift() ?? statusOf(201)
      answer(response)
    })
  })
  await new Promise<void>(listening => server.listen(port, '127.0.0.1', listening))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: (...more) => answers.push(...more),
    close: () =>
      new Promise(closed => {
        server.close(() => closed())
        server.closeAllConnections()
      }),
  }
}

export const statusOf =
  (status: number, headers: Record<string, string> = {}, body = ''): Answer =>
  response =>
    response.writeHead(status, headers).end(body)

/** Never says a word. */
export const silent: Answer = () => {}

/** Its headers never end. */
export const trickling: Answer = ({ socket }) => {
  socket?.write('HTTP/1.1 200 OK\r\n')
  const timer = setInterval(() => socket?.write('x: y\r\n'), 200)
  socket?.on('close', () => clearInterval(timer))
}

/** A good answer with a body that never ends. */
export const endless: Answer = response => {
  response.writeHead(200)
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(1024)));
  }
  response.on('drain', more)
  more()
}

/** Not HTTP. */
export const garbled: Answer = ({ socket }) => socket?.end('220 mail.example ESMTP\r\n')
