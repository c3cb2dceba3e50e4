/**
 * How a command reaches the server that runs on the same home: a local socket of mode 0600, one JSON line each way.
 * Whoever may open the socket may read the database anyway, so there is no further login. The socket's name is short
 * because the system limits it to about a hundred characters.
 */
import { chmodSync, existsSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import type { Arguments, Report } from '#cli/command.ts'

export interface Call {
  readonly words: string
  readonly given: Arguments
}

export type Reply = { readonly report: Report } | { readonly refused: string } | { readonly broken: string }

const LONGEST_LINE = 64 * 1024 * 1024
const NAME = 'control.sock'

export const socketPath = (home: string): string => join(home, NAME)

export async function listenForCommands(home: string, answer: (call: Call) => Promise<Reply>): Promise<Server> {
  const path = socketPath(home)
  rmSync(path, { force: true })
  const server = createServer(socket => {
    socket.on('error', () => socket.destroy())
    readLine(socket)
      .then(line => answer(JSON.parse(line) as Call))
      .then(reply => socket.end(`${JSON.stringify(reply)}\n`))
      .catch(() => socket.destroy())
  })
  const before = process.umask(0o177)
  try {
    await new Promise<void>((listening, failed) => {
      server.once('error', failed)
      server.listen(path, listening)
    })
  } finally {
    process.umask(before)
  }
  chmodSync(path, 0o600)
  return server
}

/** Undefined when no server listens. */
export async function callServer(home: string, call: Call): Promise<Reply | undefined> {
  const path = socketPath(home)
  if (!existsSync(path)) return undefined
  const socket = connect(path)
  const reached = await new Promise<boolean>(tell => {
    socket.once('connect', () => tell(true))
    socket.once('error', () => tell(false))
  })
  if (!reached) return undefined
  socket.write(`${JSON.stringify(call)}\n`)
  return JSON.parse(await readLine(socket)) as Reply
}

function readLine(socket: Socket): Promise<string> {
  return new Promise((whole, failed) => {
    const chunks: Buffer[] = []
    let size = 0
    socket.on('data', chunk => {
      chunks.push(chunk)
      size += chunk.length
      if (size > LONGEST_LINE) {
        socket.destroy()
        failed(new Error('a line on the control socket was too long'))
      } else if (chunk.includes(10)) {
        whole(Buffer.concat(chunks).toString('utf8').split('\n', 1)[0] as string)
      }
    })
    socket.on('error', failed)
    socket.on('close', () => failed(new Error('the control socket was closed early')))
  })
}
