/**
 * Sets the event counter of a token by hand, to what the token itself shows. Only forward: a counter set back would make
 * used codes good again (RFC 4226 section 7.2). And not far, because a slip of the hand could never be undone.
 */
import type { Administrator } from '#administration/change.ts'
import { DeviceEvents } from '#administration/device-events.ts'
import type { DeviceNeeds } from '#administration/device-needs.ts'
import { type DeviceTarget, holdDevice } from '#administration/device-update.ts'
import { oathSettingsOf } from '#domain/credential-type.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { KeyPosition } from '#domain/ports/credential-queries.ts'
import { rowsOf, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

const FARTHEST = 1_000_000

export function* moveCounter(
  needs: DeviceNeeds,
  tenant: Tenant,
  target: DeviceTarget,
  counter: number,
  by: Administrator,
): Unit<true | Refusal | typeof STALE> {
  const { credentials, proofs, clock, recorder } = needs
  const held = yield* holdDevice(needs, tenant, target, {}, by)
  if (held === STALE || held instanceof Refusal) return held
  const { device } = held
  const key = (yield* rowsOf(credentials.positionsOf(tenant.number, device.id))).find(one => isEventKey(tenant, one))
  if (!key) return new Refusal('action_not_possible', 'The device holds no key with an event counter.')
  if (counter < key.next) return new Refusal('action_not_possible', 'A counter is never set back.')
  if (counter > key.next + FARTHEST) return new Refusal('action_not_possible', 'The counter is too far ahead.')
  const moved = { next: counter, drift: key.drift }
  const [advanced] = yield [
    proofs.advance(tenant.number, key.credential, key.stateVersion, moved, clock.now()),
    ...new DeviceEvents(recorder, tenant, by).counterMoved(device, key.credential),
  ]
  if (advanced?.[0] === undefined) throw new LostRace('the key was used by somebody else meanwhile')
  return true
}

function isEventKey(tenant: Tenant, { type }: KeyPosition): boolean {
  const settings = oathSettingsOf(tenant.configuration.findCredentialType(type))
  return settings?.algorithm === 'HOTP' && settings.use === 'otp'
}
