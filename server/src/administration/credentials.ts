/**
 * Credentials: read, searched, given a status and dates of their own, removed. They are made only with their device, by an
 * import. Who may change one is decided by the owner of its device, whose row is held first.
 */
import { type Administrator, change } from '#administration/change.ts'
import { type CredentialView, loadCredentials } from '#administration/credential-view.ts'
import { changedLasting, type StatusChange } from '#administration/device-change.ts'
import { DeviceEvents } from '#administration/device-events.ts'
import type { DeviceNeeds } from '#administration/device-needs.ts'
import { holdDevice } from '#administration/device-update.ts'
import { isSameLasting } from '#administration/lasting.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { Device } from '#domain/device.ts'
import type { CredentialId } from '#domain/ids.ts'
import { first, rowsOf, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { SearchPlan } from '#domain/search.ts'
import type { Tenant } from '#domain/tenant.ts'

/** Which credential, and which version of it the caller believes to change. */
export interface CredentialTarget {
  readonly id: CredentialId
  readonly version?: number | undefined
}

type CredentialNeeds = Omit<DeviceNeeds, 'synchronise'>
type Held = { readonly one: CredentialView; readonly device: Device }

const noCredential = () => new Refusal('not_found', 'There is no credential with this id.')

export class Credentials {
  readonly #needs: CredentialNeeds

  constructor(needs: CredentialNeeds) {
    this.#needs = needs
  }

  async load(tenant: Tenant, id: CredentialId): Promise<CredentialView> {
    const { store, credentials } = this.#needs
    const [one] = await store.read(tenant.number, () => loadCredentials(credentials, tenant.number, [id]))
    if (!one) throw noCredential()
    return one
  }

  async search(
    tenant: Tenant,
    plan: SearchPlan,
  ): Promise<{ readonly total: number; readonly credentials: readonly CredentialView[] }> {
    const { store, search, credentials } = this.#needs
    const queries = search('Credential', tenant.number, plan)
    return store.read(tenant.number, function* () {
      const page = yield* rowsOf(queries.rows)
      const whole = plan.offset === 0 && page.length < plan.count
      const total = whole ? page.length : ((yield* first(queries.total))?.total ?? 0)
      const ids = page.map(({ id }) => id)
      return { total, credentials: yield* loadCredentials(credentials, tenant.number, ids) }
    })
  }

  async update(
    tenant: Tenant,
    target: CredentialTarget,
    wanted: StatusChange,
    by: Administrator,
  ): Promise<CredentialView> {
    return change(this.#needs, tenant, current => this.#updateUnit(current, target, wanted, by))
  }

  async remove(tenant: Tenant, target: CredentialTarget, by: Administrator): Promise<void> {
    await change<true>(this.#needs, tenant, current => this.#removeUnit(current, target, by))
  }

  *#updateUnit(
    tenant: Tenant,
    target: CredentialTarget,
    wanted: StatusChange,
    by: Administrator,
  ): Unit<CredentialView | Refusal | typeof STALE> {
    const { credentials, recorder } = this.#needs
    const held = yield* this.#hold(tenant, target, by)
    if (held === STALE || held instanceof Refusal) return held
    const { one, device } = held
    const lasting = changedLasting(one, wanted)
    if (lasting instanceof Refusal) return lasting
    if (isSameLasting(one, lasting)) return one
    const after = { ...one, ...lasting, version: one.version + 1 }
    const [written] = yield [
      credentials.replaceCredential(tenant.number, after, one.version),
      ...new DeviceEvents(recorder, tenant, by).credentialChanged(device, one, after),
    ]
    if (written?.[0] === undefined) throw new LostRace('the credential was changed by somebody else meanwhile')
    return after
  }

  *#removeUnit(tenant: Tenant, target: CredentialTarget, by: Administrator): Unit<true | Refusal | typeof STALE> {
    const { credentials, devices, recorder, count } = this.#needs
    const held = yield* this.#hold(tenant, target, by)
    if (held === STALE || held instanceof Refusal) return held
    const { one, device } = held
    const answers = yield [
      ...(device.owner === null ? [] : [devices.dropChallenges(tenant.number, device.owner, device.id)]),
      ...credentials.removeCredential(tenant.number, one.id),
    ]
    if (answers.at(-1)?.[0] === undefined) throw new LostRace('the credential was removed by somebody else meanwhile')
    yield [
      count(tenant.number, 'credential', -1),
      ...new DeviceEvents(recorder, tenant, by).credentialRemoved(device, one),
    ]
    return true
  }

  /** Device before credential, as everybody holds them. */
  *#hold(tenant: Tenant, { id, version }: CredentialTarget, by: Administrator): Unit<Held | Refusal | typeof STALE> {
    const { credentials } = this.#needs
    const [one] = yield* loadCredentials(credentials, tenant.number, [id])
    if (!one) return noCredential()
    if (version !== undefined && version !== one.version) return new Refusal('version_mismatch')
    const held = yield* holdDevice(this.#needs, tenant, { id: one.device }, {}, by)
    if (held === STALE || held instanceof Refusal) return held
    const row = yield* first(credentials.heldCredential(tenant.number, id))
    if (row?.version !== one.version) throw new LostRace('the credential was changed by somebody else meanwhile')
    return { one, device: held.device }
  }
}
