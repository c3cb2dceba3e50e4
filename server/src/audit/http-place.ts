/**
 * Checkpoints posted to an address of the operator's (application/x-ndjson, one JSON line each): another instance, a log
 * collector, a bucket's endpoint. Any 2xx counts as kept. The address comes from settings only; redirects are refused.
 */
import type { CheckpointPlace } from '#audit/checkpoint-place.ts'
import { Fault } from '#domain/refusal.ts'

const TIMEOUT_MS = 5_000

export function httpPlace(address: string): CheckpointPlace {
  const url = new URL(address)
  return {
    // Without user, password and query, which may hold a secret: the name stands in the store and in alerts.
    name: `${url.protocol}//${url.host}${url.pathname}`,
    async publish(lines) {
      const headers: Record<string, string> = { 'content-type': 'application/x-ndjson' }
      const target = new URL(url)
      if (url.username !== '' || url.password !== '') {
        const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
        headers.authorization = `Basic ${Buffer.from(pair).toString('base64')}`
        target.username = ''
        target.password = ''
      }
      const body = lines.map(line => `${line}\n`).join('')
      const signal = AbortSignal.timeout(TIMEOUT_MS)
      const answer = await fetch(target, { method: 'POST', headers, body, redirect: 'error', signal })
      await answer.body?.cancel()
      if (!answer.ok) throw new Fault(`checkpoints were not taken: status ${answer.status}`)
    },
  }
}
