/**
 * Fetches the FIDO metadata once a day from the operator's address (FIDO's own is https://mds3.fidoalliance.org/). Runs as a job of every
 * node; whoever comes first brings it, the others see that it was checked today. Redirects are refused, the size is bounded while reading.
 */
import type { Clock } from '#domain/ports/clock.ts'
import { Fault } from '#domain/refusal.ts'
import type { FidoMetadata } from '#keys/webauthn/fido-metadata.ts'
import { LARGEST_BLOB } from '#keys/webauthn/metadata-blob.ts'

const DAY_MS = 86_400_000
const TIMEOUT_MS = 60_000

export async function fetchMetadata(
  metadata: FidoMetadata,
  address: string,
  clock: Clock,
  stop: AbortSignal,
): Promise<void> {
  const state = await metadata.state()
  if (state && clock.now() - state.checked_at < DAY_MS) return
  const signal = AbortSignal.any([stop, AbortSignal.timeout(TIMEOUT_MS)])
  const answer = await fetch(address, { redirect: 'error', signal })
  if (!answer.ok || !answer.body) throw new Fault(`the FIDO metadata was not given: status ${answer.status}`)
  await metadata.bring(await textOf(answer.body), { kind: 'system' })
}

async function textOf(body: ReadableStream<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > LARGEST_BLOB) throw new Fault('the FIDO metadata is too large')
    parts.push(part)
  }
  return Buffer.concat(parts).toString('latin1')
}
