/** Requests as the bytes that a connection sends: HTTP/1.1 (RFC 9112), with nothing that the servers would not need. */
import type { Answer } from './connection.ts'

export interface Parts {
  readonly path: string
  readonly authorization: string
  readonly type: string
  readonly body: string
}

/** One request, or a walk whose next request depends on the answer before. */
export type Turn = Buffer | Walk
/** Yields requests, is handed their answers; over when it returns. */
export type Walk = Generator<Buffer, void, Answer>

const FORM = 'application/x-www-form-urlencoded'

export const form = (path: string, authorization: string, body: string): Parts => ({
  path,
  authorization,
  type: FORM,
  body,
})

/** Headers by name; one without a value is left out. */
export type More = Readonly<Record<string, string>>

const NONE: More = {}

export const posted = ({ path, authorization, type }: Parts, body: string, more: More = NONE): Buffer =>
  Buffer.from(
    `${headOf('POST', path, { authorization, ...more })}content-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )

export const got = (path: string, authorization: string, more: More = NONE): Buffer =>
  Buffer.from(`${headOf('GET', path, { authorization, ...more })}\r\n`)

function headOf(method: string, path: string, headers: More): string {
  let text = `${method} ${path} HTTP/1.1\r\nhost: localhost\r\naccept: application/json\r\n`
  for (const [name, value] of Object.entries(headers)) if (value !== '') text += `${name}: ${value}\r\n`
  return text
}

/** All values of a header. */
export function headersOf({ head }: Answer, name: string): readonly string[] {
  const lines = head.split('\r\n').slice(1)
  const start = `${name}:`
  return lines.filter(line => line.toLowerCase().startsWith(start)).map(line => line.slice(start.length).trim())
}
