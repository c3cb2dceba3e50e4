/**
 * Runs a deciding unit for a tenant. The unit compares the tenant's version in its first flush and answers STALE when the
 * configuration it was given is older; a unit that lost a compare-and-set throws LostRace, leaves nothing and runs again.
 */
import type { Store, Unit } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export const STALE = Symbol('the tenant has changed since it was loaded')

/** Somebody else moved the state this unit had read; nothing of it was written. */
export class LostRace extends Fault {}

const TRIES = 5

export interface DecidingNeeds {
  readonly store: Store
  /** Loads the tenant anew; called when a unit finds that its version has risen. */
  reload(tenant: Tenant): Promise<Tenant>
}

/** `prepare` loads what the unit must find already there, for this very version of the tenant. */
export async function decide<T>(
  needs: DecidingNeeds,
  tenant: Tenant,
  unit: (tenant: Tenant) => Unit<T | typeof STALE>,
  prepare?: (tenant: Tenant) => Promise<unknown>,
): Promise<T> {
  let current = tenant
  for (let tries = 1; ; tries++) {
    try {
      await prepare?.(current)
      const answer = await needs.store.write(current.number, () => unit(current))
      if (answer !== STALE) return answer
      current = await needs.reload(current)
    } catch (error) {
      if (!(error instanceof LostRace) || tries === TRIES) throw error
    }
    if (tries === TRIES) {
      throw new Refusal('temporarily_unavailable', undefined, { reason: 'the tenant changes faster than it is loaded' })
    }
  }
}
