/**
 * Devices: made, read, searched, changed by merging, found again when they ran away, removed with their keys. Every change is
 * one unit with its audit event, and nobody may touch the device of a user who may do more than he himself.
 */
import { type Administrator, assertMay, change, refusalFor } from '#administration/change.ts'
import type { DeviceChange } from '#administration/device-change.ts'
import { moveCounter } from '#administration/device-counter.ts'
import { assertNewDevice, createDevice } from '#administration/device-create.ts'
import type { DeviceNeeds } from '#administration/device-needs.ts'
import { removeDevice } from '#administration/device-remove.ts'
import { type DeviceTarget, noDevice, updateDevice } from '#administration/device-update.ts'
import { type DeviceView, loadDevices } from '#administration/device-view.ts'
import type { DeviceId } from '#domain/ids.ts'
import type { Random } from '#domain/ports/random.ts'
import { first, rowsOf } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { SearchPlan } from '#domain/search.ts'
import type { Tenant } from '#domain/tenant.ts'

export class Devices {
  readonly #needs: DeviceNeeds

  constructor(needs: DeviceNeeds) {
    this.#needs = needs
  }

  async load(tenant: Tenant, id: DeviceId): Promise<DeviceView> {
    const [device] = await this.loadSome(tenant, [id])
    if (!device) throw noDevice()
    return device
  }

  /** Those of at most 100 ids that are there, in the order of the ids. */
  loadSome(tenant: Tenant, ids: readonly DeviceId[]): Promise<readonly DeviceView[]> {
    const { store, devices } = this.#needs
    return store.read(tenant.number, () => loadDevices(devices, tenant.number, ids))
  }

  async search(
    tenant: Tenant,
    plan: SearchPlan,
  ): Promise<{ readonly total: number; readonly devices: readonly DeviceView[] }> {
    const { store, search, devices } = this.#needs
    const queries = search('Device', tenant.number, plan)
    return store.read(tenant.number, function* () {
      const page = yield* rowsOf(queries.rows)
      // A first page that is not full is everything: the commonest search, by a serial number, is not run twice.
      const whole = plan.offset === 0 && page.length < plan.count
      const total = whole ? page.length : ((yield* first(queries.total))?.total ?? 0)
      const ids = page.map(({ id }) => id)
      return { total, devices: yield* loadDevices(devices, tenant.number, ids) }
    })
  }

  async create(tenant: Tenant, wanted: DeviceChange, by: Administrator): Promise<DeviceView> {
    assertNewDevice(tenant, wanted, by)
    const { ids, random } = this.#needs
    const [id] = (await ids.next(tenant.number, 1)) as readonly [number]
    const named = wanted.externalId ? wanted : { ...wanted, externalId: newExternalId(random) }
    return change(this.#needs, tenant, current => createDevice(this.#needs, current, id, named, by))
  }

  async update(tenant: Tenant, target: DeviceTarget, wanted: DeviceChange, by: Administrator): Promise<DeviceView> {
    return change(this.#needs, tenant, current => updateDevice(this.#needs, current, target, wanted, by))
  }

  async remove(tenant: Tenant, target: DeviceTarget, by: Administrator): Promise<void> {
    await change<true>(this.#needs, tenant, current => removeDevice(this.#needs, current, target, by))
  }

  /** By the counter that the token shows. */
  async moveCounter(tenant: Tenant, id: DeviceId, counter: number, by: Administrator): Promise<void> {
    assertMay(by, 'device.synchronise')
    await change<true>(this.#needs, tenant, current => moveCounter(this.#needs, current, { id }, counter, by))
  }

  /** By two codes in a row. */
  async synchronise(tenant: Tenant, id: DeviceId, codes: readonly [string, string], by: Administrator): Promise<void> {
    assertMay(by, 'device.synchronise')
    const { owner } = await this.load(tenant, id)
    if (owner === null) throw new Refusal('action_not_possible', 'The device belongs to nobody; assign it first.')
    const { store, users } = this.#needs
    const roles = await store.read(tenant.number, () => rowsOf(users.rolesOf(tenant.number, [owner])))
    const refusal = refusalFor(
      by,
      roles.map(({ role }) => role),
    )
    if (refusal) throw refusal
    const { actor, correlation } = by
    await this.#needs.synchronise(tenant, { user: owner, device: id, codes, actor, correlation })
  }
}

/** A UUID (RFC 9562 section 5.4), as phones show it after their registration. */
export function newExternalId(random: Random): string {
  const hex = Buffer.from(random.bytes(16)).toString('hex')
  const [a, b, c, d, e] = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(13, 16), hex.slice(17, 20), hex.slice(20)]
  return `${a}-${b}-4${c}-a${d}-${e}`
}
