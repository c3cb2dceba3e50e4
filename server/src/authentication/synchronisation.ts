/**
 * Finds a token again by two of its codes in a row. It takes an attempt from the user's budget over all factors before
 * anything is compared, moves only forward, and never says which of the two codes was wrong.
 */

import { keyFor, placeOf } from '#authentication/answer-with-key.ts'
import { userLimit } from '#authentication/attempt.ts'
import { usable } from '#authentication/may-authenticate.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import { decide, LostRace, STALE } from '#domain/deciding-unit.ts'
import type { Actor } from '#domain/event.ts'
import type { DeviceId, UserId } from '#domain/ids.ts'
import { first, together, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import { resynchronise } from '#factors/oath/resynchronise.ts'

export interface SynchronisationRequest {
  readonly user: UserId
  readonly device: DeviceId
  readonly codes: readonly [string, string]
  readonly actor: Actor
  readonly correlation: string
}

const NOT_POSSIBLE = 'The two codes were not found in a row, or the device cannot be synchronised now.'

export class Synchronisation {
  readonly #needs: AuthenticationNeeds

  constructor(needs: AuthenticationNeeds) {
    this.#needs = needs
  }

  async find(tenant: Tenant, request: SynchronisationRequest): Promise<void> {
    const refusal = await decide<Refusal | undefined>(this.#needs, tenant, current => this.#unit(current, request))
    if (refusal) throw refusal
  }

  *#unit(tenant: Tenant, request: SynchronisationRequest): Unit<Refusal | undefined | typeof STALE> {
    const { proofs, clock, recorder, hmac } = this.#needs
    const [standings, candidates] = yield* together(
      proofs.standingOf(tenant.number, request.user, ''),
      proofs.candidatesOf(tenant.number, request.user, request.device),
    )
    const [standing] = standings
    if (standing === undefined || standing.version > tenant.version) return STALE
    const now = clock.now()
    const limit = userLimit(standing, now)
    const slot = yield* first(proofs.reserveUser(tenant.number, request.user, limit, now))
    const key =
      slot &&
      keyFor(
        tenant,
        candidates.filter(candidate => usable(candidate, now)),
        'SYNCHRONOUS',
      )
    const outcome =
      key &&
      resynchronise(
        {
          settings: key.settings,
          state: { next: key.candidate.next, drift: key.candidate.drift },
          secret: tenant.sealer.unseal(placeOf(key.candidate), key.candidate.secret),
          now_seconds: Math.floor(now / 1000),
          failures: 0,
          hmac,
        },
        request.codes,
      )
    const accepted = outcome?.outcome === 'accepted'
    const event = recorder.record(tenant.number, {
      action: 'synchroniseDevice',
      result: accepted ? 'SUCCESS' : 'FAILURE',
      ...(accepted ? {} : { reason: outcome?.outcome === 'rejected' ? outcome.reason : slot ? 'no_device' : 'locked' }),
      actor: request.actor,
      user: request.user,
      parameters: { DID: request.device, COI: request.correlation },
    })
    if (!accepted || !key || !slot) {
      yield event.queries
      return new Refusal('action_not_possible', NOT_POSSIBLE)
    }
    const { candidate } = key
    const [moved] = (yield [
      proofs.advance(tenant.number, candidate.credential, candidate.stateVersion, outcome.state, now),
      proofs.forgiveUser(tenant.number, request.user, slot.started),
      ...event.queries,
    ]) as readonly (readonly unknown[])[]
    if (moved?.[0] === undefined) throw new LostRace('the key was used by somebody else meanwhile')
    return undefined
  }
}
