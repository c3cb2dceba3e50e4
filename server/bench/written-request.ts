/** Requests as the bytes that a connection sends: HTTP/1.1 (RFC 9112), with nothing that the servers would not need. */

export interface Parts {
  readonly path: string
  readonly authorization: string
  readonly type: string
  readonly body: string
}

/** One request, or a walk whose next request depends on the answer before. */
export type Turn = Buffer | Walk
/** Yields requests, is handed the bodies of their answers; over when it returns. */
export type Walk = Generator<Buffer, void, string>

const FORM = 'application/x-www-form-urlencoded'

export const form = (path: string, authorization: string, body: string): Parts => ({
  path,
  authorization,
  type: FORM,
  body,
})

export const posted = ({ path, authorization, type }: Parts, body: string): Buffer =>
  Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\naccept: application/json\r\n` +
      `content-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  )

export const got = (path: string, authorization: string): Buffer =>
  Buffer.from(
    `GET ${path} HTTP/1.1\r\nhost: localhost\r\nauthorization: ${authorization}\r\naccept: application/json\r\n\r\n`,
  )
