/**
 * An authenticator as clients of this API read it: counters are strings (tolerance G4), dates and channels of a log-on are absent
 * until there was one. Surprise: one that failed attempts have closed shows DISABLED, though nobody disabled it; RESET, or for a
 * temporary block time, brings back ENABLED.
 */
import type { Authenticator as AuthenticatorWire } from '@countersign/protocol/scim/authenticator.ts'
import { urn } from '@countersign/protocol/scim/urn.ts'
import type { AuthenticatorView } from '#administration/authenticator-view.ts'
import { showDate } from '#scim/dates.ts'
import { showStatus } from '#scim/entity-status.ts'
import { locationOf, type Site } from '#scim/location.ts'
import { metaOf } from '#scim/meta.ts'
import { memberRef } from '#scim/reference.ts'

export function authenticatorOnWire(one: AuthenticatorView, site: Site, now_ms: number): AuthenticatorWire {
  const id = `${one.user}.${one.policy}`
  const shown = { ...one, status: one.closed ? 'DISABLED' : one.status }
  const { lastSuccessDevice, lastSuccessDeviceExternalId } = one
  return {
    schemas: [urn.authenticator],
    id,
    externalId: one.ownerExternalId,
    meta: metaOf(site, 'Authenticator', id, one),
    status: showStatus(shown, shown.status === 'ENABLED' && !one.usedUp, now_ms),
    owner: memberRef(site, 'User', one.user, one.ownerExternalId),
    policy: {
      display: one.policy,
      value: one.policy,
      $ref: locationOf(site, 'AuthenticatorPolicy', one.policy),
    },
    statistics: statisticsOf(one),
    ...(lastSuccessDevice === null
      ? {}
      : { lastSuccessfulDevice: memberRef(site, 'Device', lastSuccessDevice, lastSuccessDeviceExternalId ?? '') }),
  }
}

function statisticsOf(one: AuthenticatorView): NonNullable<AuthenticatorWire['statistics']> {
  return {
    maximumNumberOfUsages: String(one.maximumUses),
    consecutiveFailed: String(one.started - one.forgiven),
    consecutiveSuccess: String(one.consecutiveSuccess),
    totalFailed: String(one.totalFailed),
    totalSuccess: String(one.totalSuccess),
    challengeCount: String(one.challengeCount),
    ...(one.lastSuccessAt_ms === null ? {} : { lastSuccessfulDate: showDate(one.lastSuccessAt_ms) }),
    ...(one.lastFailureAt_ms === null ? {} : { lastUnsuccessfulDate: showDate(one.lastFailureAt_ms) }),
    ...(one.lastSuccessChannel === null ? {} : { lastSuccessfulChannel: one.lastSuccessChannel }),
    ...(one.lastFailureChannel === null ? {} : { lastUnsuccessfulChannel: one.lastFailureChannel }),
  }
}
