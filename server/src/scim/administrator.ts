/**
 * Whom a bearer token speaks for, as the corridor of changes wants to know it. The carrier has let the caller in by the
 * endpoint's permission; a call without one cannot get here.
 */
import type { Administrator } from '#administration/change.ts'
import { Fault } from '#domain/refusal.ts'
import type { Situation } from '#http/endpoint.ts'

export function administratorOf({ caller, correlation }: Situation<unknown>): Administrator {
  if (caller === undefined) throw new Fault('an endpoint for bearers was entered without one')
  const { kind, client, user, permissions } = caller
  return { actor: kind === 'client' ? { kind, id: client } : { kind, id: user }, permissions, correlation }
}
