/**
 * What an app does with itself: rename, say how it is woken, renew its keys, go. Each raises the device's counter in the unit that
 * changes (approve protocol section 6), so that nothing sent twice is done twice.
 */

import type { AppKeys } from '@countersign/protocol/approve/public-key.ts'
import type { DeviceChangeRequest } from '@countersign/protocol/approve/request.ts'
import { type AppCaller, refusalOfDevice, staleCounter } from '#authentication/app-caller.ts'
import type { ApprovalNeeds } from '#authentication/approval-needs.ts'
import { checkKeys, evidenceFits, keysFit, keysOf, newKeys } from '#authentication/enrolment-keys.ts'
import { loadPushModel, signedPolicy } from '#authentication/policy-document.ts'
import { decide, STALE } from '#domain/deciding-unit.ts'
import type { CallingRow } from '#domain/ports/app-queries.ts'
import { first, type Query, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface Renewal {
  readonly keys: AppKeys
  readonly evidence: readonly string[]
}

export class AppLifecycle {
  readonly #needs: ApprovalNeeds

  constructor(needs: ApprovalNeeds) {
    this.#needs = needs
  }

  policy(tenant: Tenant, { row }: AppCaller): Promise<string> {
    return signedPolicy(this.#needs, tenant, row.deviceType)
  }

  async change(tenant: Tenant, caller: AppCaller, wanted: DeviceChangeRequest, correlation: string): Promise<string> {
    const { apps } = this.#needs
    const { device } = caller.row
    await this.#changed(tenant, caller, current => [
      ...(wanted.name === undefined ? [] : [apps.rename(current.number, device, wanted.name)]),
      ...(wanted.wake === undefined
        ? []
        : [apps.setWake(current.number, device, sealedWake(current, device, wanted.wake))]),
      ...this.#event(current, caller.row, 'updateDevice', correlation),
    ])
    return wanted.name ?? caller.row.friendlyName ?? ''
  }

  /** All keys anew under the same device; the old ones are gone with the same commit. */
  async renew(tenant: Tenant, caller: AppCaller, { keys, evidence }: Renewal, correlation: string) {
    const { signer, ids, secrets, apps, clock, count } = this.#needs
    const { row } = caller
    const { push } = loadPushModel(tenant, row.deviceType)
    const checked = keysFit(tenant, push, keys) ? checkKeys(this.#needs, keys) : undefined
    const { rootThumbprint } = await signer.identity(tenant.number)
    const said = { tenant: tenant.name, uid: row.userExternalId ?? '', root: rootThumbprint, nonce: '' }
    if (!checked || !evidenceFits(this.#needs, keys, checked, evidence, said)) throw new Refusal('invalid_answer')
    const now = clock.now()
    const made = newKeys(
      this.#needs,
      tenant,
      push,
      { device: row.device, keys, checked, now },
      await ids.next(tenant.number, keysOf(push)),
    )
    const proof = await signer.sign(tenant.number, 'cs-enrolment+jwt', {
      device: String(row.device),
      user: row.userExternalId,
      evidence,
      iat: Math.floor(now / 1000),
    })
    await this.#changed(tenant, caller, (current, gone) => [
      ...apps.removeKeys(current.number, row.device),
      ...made.rows.flatMap(one => apps.addCredential(current.number, one)),
      count(current.number, 'credential', made.rows.length - gone),
      apps.replaceKeys(current.number, { device: row.device, ...made, evidence: proof, at: now }),
      ...this.#event(current, row, 'renewDeviceKeys', correlation),
    ])
    return {
      policy: await signedPolicy(this.#needs, tenant, row.deviceType),
      codes: await secrets.sealTo(keys.sealing, JSON.stringify(made.codes)),
    }
  }

  /** The device record goes, too: an app that was removed leaves nothing that could be approved with. */
  async remove(tenant: Tenant, caller: AppCaller, correlation: string): Promise<void> {
    const { apps, approvals, provisions, count } = this.#needs
    const { row } = caller
    await this.#changed(tenant, caller, (current, gone) => [
      approvals.dropOf(current.number, row.device),
      provisions.replaceOpen(current.number, row.device),
      ...apps.removeApp(current.number, row.device),
      ...apps.removeKeys(current.number, row.device),
      count(current.number, 'credential', -gone),
      apps.removeDevice(current.number, row.device),
      count(current.number, 'device', -1),
      ...this.#event(current, row, 'deleteDevice', correlation),
    ])
  }

  /** `queries` gets the tenant as it is now and how many keys the device has. */
  async #changed(
    tenant: Tenant,
    caller: AppCaller,
    queries: (tenant: Tenant, keys: number) => readonly Query[],
  ): Promise<void> {
    const answer = await decide<Refusal | true>(this.#needs, tenant, current => this.#unit(current, caller, queries))
    if (answer instanceof Refusal) throw answer
  }

  *#unit(
    tenant: Tenant,
    { row, counter }: AppCaller,
    queries: (tenant: Tenant, keys: number) => readonly Query[],
  ): Unit<Refusal | true | typeof STALE> {
    const { apps, clock } = this.#needs
    const now = clock.now()
    const standing = yield* first(apps.calling(tenant.number, row.device))
    if (!standing) return new Refusal('device_gone')
    if (standing.version > tenant.version) return STALE
    const raised = yield* first(apps.raiseCall(tenant.number, row.device, counter, now))
    if (!raised) return staleCounter(standing.callCounter)
    const refusal = refusalOfDevice(standing, now)
    // Whoever signed with keys that were renewed meanwhile is refused like any other stranger.
    if (refusal) return refusal
    if (standing.transport !== row.transport) return new Refusal('invalid_call')
    const keys = yield* first(apps.countKeys(tenant.number, row.device))
    yield queries(tenant, keys?.total ?? 0)
    return true
  }

  #event(tenant: Tenant, row: CallingRow, action: string, correlation: string): readonly Query[] {
    const { device: DID, deviceType: DTC, deviceExternalId: DSN, user } = row
    return this.#needs.recorder.record(tenant.number, {
      action,
      result: 'SUCCESS',
      actor: user === null ? { kind: 'anonymous' } : { kind: 'user', id: user },
      ...(user === null ? {} : { user }),
      parameters: { DID, DTC, DSN, COI: correlation, TEXT1: 'by the app' },
    }).queries
  }
}

function sealedWake(tenant: Tenant, device: number, wake: object | null): Uint8Array | null {
  if (wake === null) return null
  const place = { table: 'app', column: 'wake', row: String(device) }
  return tenant.sealer.seal(place, Buffer.from(JSON.stringify(wake)))
}
