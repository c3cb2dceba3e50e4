/**
 * The correlation id of a request: `X-Correlation-ID` as the client sent it when it is short and plain, else one of ours.
 * It goes back in the answer, into logs and into the audit trail, so it may hold nothing that could forge a log line.
 */
import { limits } from '#http/limits.ts'

const LONGEST = limits.correlation_characters.value
const plain = /^[A-Za-z0-9._-]+$/

/** Twelve random bytes make an id of ours: enough to be unique on all nodes, and it tells nothing about traffic. */
export function correlationOf(sent: string | undefined, random: { bytes(count: number): Uint8Array }): string {
  if (sent !== undefined && sent.length <= LONGEST && plain.test(sent)) return sent
  const made = random.bytes(12)
  const bytes = Buffer.isBuffer(made) ? made : Buffer.from(made.buffer, made.byteOffset, made.byteLength)
  return bytes.toString('base64url')
}
