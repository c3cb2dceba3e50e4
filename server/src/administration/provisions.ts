/** Invitations to enrol (Device/Provision): made, read, searched, confirmed, removed. Only the answer to making one holds its PROV_MSG. */
import { type Administrator, assertMay, change, isStale } from '#administration/change.ts'
import { DeviceEvents } from '#administration/device-events.ts'
import { holdDevice } from '#administration/device-update.ts'
import type { ProvisionNeeds } from '#administration/provision-needs.ts'
import { createOffline, type OfflineInvitation } from '#administration/provision-offline.ts'
import {
  createOnline,
  type MadeInvitation,
  makeInviteSecret,
  type OnlineInvitation,
} from '#administration/provision-online.ts'
import { loadProvisions, type ProvisionView } from '#administration/provision-view.ts'
import { STALE } from '#domain/deciding-unit.ts'
import type { ProvisionId } from '#domain/ids.ts'
import { first, rowsOf, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import { sameText } from '#domain/same-text.ts'
import type { SearchPlan } from '#domain/search.ts'
import type { Tenant } from '#domain/tenant.ts'

const noProvision = () => new Refusal('not_found', 'There is no provision with this id.')
const SECRET_BYTES = 20
const CONFIRM_TRIES = 5

export class Provisions {
  readonly #needs: ProvisionNeeds

  constructor(needs: ProvisionNeeds) {
    this.#needs = needs
  }

  async load(tenant: Tenant, id: ProvisionId): Promise<ProvisionView> {
    const [view] = await this.#needs.store.read(tenant.number, () => loadProvisions(this.#needs, tenant.number, [id]))
    if (!view) throw noProvision()
    return view
  }

  async search(tenant: Tenant, plan: SearchPlan) {
    const needs = this.#needs
    const queries = needs.search('Provision', tenant.number, plan)
    return needs.store.read(tenant.number, function* () {
      const page = yield* rowsOf(queries.rows)
      const total = (yield* first(queries.total))?.total ?? 0
      const ids = page.map(({ id }) => id)
      return { total, provisions: yield* loadProvisions(needs, tenant.number, ids) }
    })
  }

  async invite(tenant: Tenant, wanted: OnlineInvitation, by: Administrator): Promise<MadeInvitation> {
    const { store, devices, ids } = this.#needs
    const [device] = await store.read(tenant.number, () => rowsOf(devices.devices(tenant.number, [wanted.device])))
    if (!device) throw new Refusal('invalid_value', 'did of the description is not the id of a device.')
    const secret = await makeInviteSecret(this.#needs, tenant, device.ownerExternalId ?? '')
    const [id] = (await ids.next(tenant.number, 1)) as readonly [number]
    return change(this.#needs, tenant, current => createOnline(this.#needs, current, id, wanted, secret, by))
  }

  async inviteOffline(tenant: Tenant, wanted: OfflineInvitation, by: Administrator): Promise<MadeInvitation> {
    assertMay(by, 'device.create')
    assertMay(by, 'device.assign')
    const { ids, random } = this.#needs
    const [provision, device, credential] = (await ids.next(tenant.number, 3)) as readonly [number, number, number]
    const parts = { provision, device, credential, secret: random.bytes(SECRET_BYTES) }
    return change(this.#needs, tenant, current => createOffline(this.#needs, current, wanted, parts, by))
  }

  async remove(tenant: Tenant, id: ProvisionId, by: Administrator): Promise<void> {
    await change<true>(this.#needs, tenant, current => this.#remove(current, id, by))
  }

  *#remove(tenant: Tenant, id: ProvisionId, by: Administrator): Unit<true | Refusal | typeof STALE> {
    const { provisions, count, recorder } = this.#needs
    const [view] = yield* loadProvisions(this.#needs, tenant.number, [id])
    if (!view) return noProvision()
    const held = yield* holdDevice(this.#needs, tenant, { id: view.device }, {}, by)
    if (held === STALE) return STALE
    if (held instanceof Refusal && held.code !== 'not_found') return held
    const removed = yield* first(provisions.removeProvision(tenant.number, id))
    if (!removed) return noProvision()
    const events = held instanceof Refusal ? [] : new DeviceEvents(recorder, tenant, by).uninvited(held.device, id)
    yield [count(tenant.number, 'provision', -1), ...events]
    return true
  }

  /** The six characters that app and registering page show: only then the device is active (activation_confirm). */
  async confirm(tenant: Tenant, id: ProvisionId, code: string, by: Administrator): Promise<void> {
    await change<true>(this.#needs, tenant, current => this.#confirm(current, id, code, by))
  }

  *#confirm(tenant: Tenant, id: ProvisionId, code: string, by: Administrator): Unit<true | Refusal | typeof STALE> {
    const { provisions, apps, devices, proofs, recorder } = this.#needs
    const version = yield* first(proofs.tenantVersion(tenant.number))
    if (isStale(tenant, version ? [version] : [])) return STALE
    const [view] = yield* loadProvisions(this.#needs, tenant.number, [id])
    if (!view) return noProvision()
    const held = yield* holdDevice(this.#needs, tenant, { id: view.device }, {}, by)
    if (held === STALE || held instanceof Refusal) return held
    const app = yield* first(apps.calling(tenant.number, view.device))
    if (!app?.confirmCode || app.provision !== id) {
      return new Refusal('action_not_possible', 'This registration waits for no confirmation.')
    }
    const tried = yield* first(provisions.countTypedFrom(tenant.number, id, 'confirm', CONFIRM_TRIES))
    if (!tried) return new Refusal('action_not_possible', 'Too many wrong confirmations; invite the user again.')
    const place = { table: 'app', column: 'confirm_code', row: String(view.device) }
    const expected = Buffer.from(tenant.sealer.unseal(place, app.confirmCode)).toString('utf8')
    if (!sameText(expected, code.trim().toUpperCase()))
      return new Refusal('invalid_value', 'CODE is not what the app shows.')
    const after = { ...held.device, status: 'ACTIVE' } as const
    yield [
      apps.confirm(tenant.number, view.device),
      devices.replaceDevice(tenant.number, after, held.device.version),
      ...new DeviceEvents(recorder, tenant, by).changed(held.device, after),
    ]
    return true
  }
}
