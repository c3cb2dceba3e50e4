/**
 * Takes the bytes of a request body from the socket, never more than allowed (RFC 9112 section 6).
 * Usually the whole body came in the same packet as the headers: then it is read at once, without listeners, even before
 * Node has called the request complete (it does so one step after handing over the last byte).
 * Surprise: after a refusal the rest of the body is read on and thrown away for a while, because hanging up while the client still
 * writes would make it see a reset connection instead of the refusal.
 */
import type { IncomingMessage } from 'node:http'
import { Refusal } from '#domain/refusal.ts'
import { limits } from '#http/limits.ts'

/** The client went away before its body was complete: there is nobody to answer. */
export class Gone extends Error {}

const EMPTY = Buffer.alloc(0)

/** Throws or rejects with Refusal `too_large`; rejects with Gone. */
export function takeBody(request: IncomingMessage, maxBytes: number): Buffer | Promise<Buffer> {
  const declared = request.headers['content-length']
  if (declared !== undefined && Number(declared) > maxBytes) throw new Refusal('too_large')
  const encoding = request.headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity') throw new Refusal('unsupported_media_type')
  const here = request.complete || (declared !== undefined && request.readableLength === Number(declared))
  if (!here) return collect(request, maxBytes)
  const bytes = request.read() as Buffer | null
  if (bytes === null) return EMPTY
  if (bytes.length > maxBytes) throw new Refusal('too_large')
  return bytes
}

function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const settle = () => {
      request.off('data', onData).off('end', onEnd).off('error', onGone).off('close', onGone)
    }
    const onData = (chunk: Buffer) => {
      size += chunk.length
      if (size <= maxBytes) {
        chunks.push(chunk)
        return
      }
      settle()
      request.pause()
      reject(new Refusal('too_large'))
    }
    const onEnd = () => {
      settle()
      resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size))
    }
    const onGone = () => {
      settle()
      reject(new Gone())
    }
    if (request.destroyed) onGone()
    else request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone)
  })
}

/** Reads the rest of a refused body and forgets it; hangs up when there is too much of it. */
export function discardRest(request: IncomingMessage): void {
  if (request.complete || request.destroyed) return
  let left = limits.discarded_bytes.value
  request.on('error', () => undefined)
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length
    if (left < 0) request.socket.destroy()
  })
  request.resume()
}
