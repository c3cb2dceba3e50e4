/**
 * Pages of the demo that show codes and secrets answer callers on this machine only, and only by a name of this machine: a page of
 * somebody else's that has its name point here (DNS rebinding) gets nothing.
 */
import { Refusal } from '#domain/refusal.ts'
import type { Situation } from '#http/endpoint.ts'

const loopback = /^(127(\.[0-9]{1,3}){3}|::1|::ffff:127(\.[0-9]{1,3}){3})$/
const ownName = /^(localhost|127(\.[0-9]{1,3}){3}|\[::1\])(:[0-9]{1,5})?$/

export function assertHere({ source, headers }: Situation): void {
  if (!loopback.test(source) || !ownName.test(headers.host ?? '')) throw new Refusal('not_found')
}

/**
 * For what is done by a form: it must stand on a page of ours (Fetch Metadata, Sec-Fetch-Site). Origin would not tell, because our pages
 * send no referrer and browsers then say `null`.
 */
export function assertOwnForm(situation: Situation): void {
  assertHere(situation)
  if (situation.headers['sec-fetch-site'] !== 'same-origin') throw new Refusal('not_found')
}
