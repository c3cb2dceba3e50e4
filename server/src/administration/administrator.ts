/**
 * Whom a bearer token speaks for, as this corridor wants to know it. The carrier has let the caller in by the endpoint's
 * permission; a call without one cannot get here.
 */
import type { Administrator } from '#administration/change.ts'
import { Fault } from '#domain/refusal.ts'

/** What a door was told about a request. */
interface Request {
  readonly caller:
    | {
        readonly kind: 'client' | 'user'
        readonly user: number
        readonly client: string
        readonly permissions: ReadonlySet<string>
      }
    | undefined
  readonly correlation: string
}

export function administratorOf({ caller, correlation }: Request): Administrator {
  if (caller === undefined) throw new Fault('an endpoint for bearers was entered without one')
  const { kind, client, user, permissions } = caller
  return { actor: kind === 'client' ? { kind, id: client } : { kind, id: user }, permissions, correlation }
}
