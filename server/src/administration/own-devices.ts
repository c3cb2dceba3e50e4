/**
 * What a person does with his own devices: sees, names, adds and removes them, as an administrator would for him. Whether his sign-in
 * is strong enough is asked in the unit that changes (`own-device-rule.ts`). The id of a device of somebody else is looked for among
 * his own, so that it costs and answers what an id of nobody does.
 */
import { type Administrator, change, isStale } from '#administration/change.ts'
import { createDevice } from '#administration/device-create.ts'
import { removeDevice } from '#administration/device-remove.ts'
import { type DeviceTarget, noDevice, updateDevice } from '#administration/device-update.ts'
import { newExternalId } from '#administration/devices.ts'
import { type MayChange, mayChangeDevices, refusalOf, type SignIn } from '#administration/own-device-rule.ts'
import { loadOwn, loadOwnDevices, type OwnDevice, ownTypes } from '#administration/own-device-view.ts'
import type { ProvisionNeeds } from '#administration/provision-needs.ts'
import {
  createOnline,
  type InviteSecret,
  type MadeInvitation,
  makeInviteSecret,
  REGISTRATION_CHANNEL,
  REGISTRATION_POLICY,
} from '#administration/provision-online.ts'
import { LostRace, STALE } from '#domain/deciding-unit.ts'
import type { DeviceType } from '#domain/device-type.ts'
import type { DeviceId, ProvisionId } from '#domain/ids.ts'
import { permissions } from '#domain/permission.ts'
import { first, type Unit } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface Person extends SignIn {
  readonly correlation: string
}

interface Needs extends ProvisionNeeds {
  /** False when the person made too many invitations of late: each costs a slow derivation. */
  mayInvite(tenant: Tenant, person: Person): Promise<boolean>
  /** Confirms the registration that used this invitation. */
  confirm(tenant: Tenant, id: ProvisionId, code: string, by: Administrator): Promise<void>
}

interface NewApp {
  /** One of `ownTypes`; the first when nothing is said. */
  readonly type: string | undefined
  /** `host[:port]/tenant` */
  readonly service: string
}

type Own = readonly (DeviceTarget & Pick<OwnDevice, 'type' | 'status' | 'externalId'>)[]

const MOST_DEVICES = 30
// Only ever used on what is the person's own: the unit has found the device among his.
const EVERYTHING = new Set(Object.keys(permissions))

export class OwnDevices {
  readonly #needs: Needs

  constructor(needs: Needs) {
    this.#needs = needs
  }

  list(tenant: Tenant, { user }: Person): Promise<readonly OwnDevice[]> {
    return this.#needs.store.read(tenant.number, () => loadOwnDevices(this.#needs, tenant, user))
  }

  mayChange({ configuration }: Tenant, own: readonly OwnDevice[], person: Person): MayChange {
    return mayChangeDevices(configuration, own, person, this.#needs.clock.now())
  }

  async rename(tenant: Tenant, person: Person, id: DeviceId | undefined, friendlyName: string): Promise<void> {
    const needs = this.#needs
    await this.#changeOne(tenant, person, id, (current, target) =>
      updateDevice(needs, current, target, { friendlyName }, administrator(person)),
    )
  }

  /** An approve app and a passkey go with their record; a token is the organisation's and becomes nobody's. */
  async remove(tenant: Tenant, person: Person, id: DeviceId | undefined): Promise<void> {
    const needs = this.#needs
    const by = administrator(person)
    await this.#changeOne<unknown>(tenant, person, id, (current, target) => {
      const type = current.configuration.findDeviceType(target.type)
      const passkey = current.configuration.findCredentialType(type?.defaultCredentialType ?? '')?.factor === 'fido'
      return type?.push || type?.offline || passkey
        ? removeDevice(needs, current, target, by)
        : updateDevice(needs, current, target, { owner: { by: 'none' } }, by)
    })
  }

  /** The message is told once, with this answer. */
  async invite(tenant: Tenant, person: Person, wanted: NewApp): Promise<MadeInvitation> {
    const { store, ids, users, random } = this.#needs
    const owner = await store.read(tenant.number, () => first(users.users(tenant.number, [person.user])))
    if (!owner) throw new Refusal('not_found')
    const type = typeOf(tenant, wanted.type)
    // Before anything slow; the unit asks again.
    await change(this.#needs, tenant, current => this.#readyFor(current, person, type))
    if (!(await this.#needs.mayInvite(tenant, person))) throw new Refusal('too_many_requests')
    const secret = await makeInviteSecret(this.#needs, tenant, owner.externalId)
    const [device, provision] = (await ids.next(tenant.number, 2)) as readonly [number, number]
    const made = { device, provision, externalId: newExternalId(random) }
    return change(this.#needs, tenant, current => this.#invite(current, person, type, wanted.service, made, secret))
  }

  *#invite(
    tenant: Tenant,
    person: Person,
    type: DeviceType,
    service: string,
    made: { readonly device: DeviceId; readonly provision: ProvisionId; readonly externalId: string },
    secret: InviteSecret,
  ): Unit<MadeInvitation | Refusal | typeof STALE> {
    const own = yield* this.#readyFor(tenant, person, type)
    if (own === STALE || own instanceof Refusal) return own
    const by = administrator(person)
    // One that was never registered is invited again, so that trying often leaves one record, and one invitation that is good.
    const waiting = own.find(one => one.type === type.code && one.status === 'PENDING')
    if (!waiting) {
      const { externalId } = made
      const wanted = { type: type.code, externalId, owner: { by: 'id', id: person.user } } as const
      const device = yield* createDevice(this.#needs, tenant, made.device, wanted, by)
      if (device === STALE || device instanceof Refusal) return device
    }
    const invitation = {
      device: waiting?.id ?? made.device,
      deviceType: type.code,
      service,
      channel: REGISTRATION_CHANNEL,
      policy: REGISTRATION_POLICY,
      callbackUrl: undefined,
      notifyToken: undefined,
      description: '',
    }
    return yield* createOnline(this.#needs, tenant, made.provision, invitation, secret, by)
  }

  /** By the six characters that the new app shows, where its type asks for them. */
  async confirm(tenant: Tenant, person: Person, id: DeviceId | undefined, code: string): Promise<void> {
    const { apps, confirm } = this.#needs
    const provision = await this.#changeOne(tenant, person, id, function* (current, target) {
      const app = yield* first(apps.calling(current.number, target.id))
      return app?.provision ?? new Refusal('action_not_possible', 'This registration waits for no confirmation.')
    })
    await confirm(tenant, provision, code, administrator(person))
  }

  *#readyFor(tenant: Tenant, person: Person, { code, maximumDevicePerUser }: DeviceType) {
    const own = yield* this.#ownToChange(tenant, person)
    if (own === STALE || own instanceof Refusal) return own
    const active = own.filter(({ type, status }) => type === code && status === 'ACTIVE').length
    const full = maximumDevicePerUser >= 0 && active >= maximumDevicePerUser
    return full || own.length >= MOST_DEVICES
      ? new Refusal('limit_reached', 'You have as many devices as you may.')
      : own
  }

  async #changeOne<T>(
    tenant: Tenant,
    person: Person,
    id: DeviceId | undefined,
    step: (tenant: Tenant, target: Own[number]) => Unit<T | Refusal | typeof STALE>,
  ): Promise<T> {
    const unit = this.#one.bind(this)
    return change(this.#needs, tenant, current => unit(current, person, id, step))
  }

  *#one<T>(
    tenant: Tenant,
    person: Person,
    id: DeviceId | undefined,
    step: (tenant: Tenant, target: Own[number]) => Unit<T | Refusal | typeof STALE>,
  ): Unit<T | Refusal | typeof STALE> {
    const own = yield* this.#ownToChange(tenant, person)
    if (own === STALE || own instanceof Refusal) return own
    const target = own.find(one => one.id === id)
    if (!target) return noDevice()
    const done = yield* step(tenant, target)
    if (done instanceof Refusal && done.code === 'version_mismatch') {
      throw new LostRace('the device was changed by somebody else meanwhile')
    }
    return done
  }

  /** All devices of the person, or why he may change none of them now. */
  *#ownToChange(tenant: Tenant, person: Person): Unit<Own | Refusal | typeof STALE> {
    const { proofs, users } = this.#needs
    const version = yield* first(proofs.tenantVersion(tenant.number))
    if (isStale(tenant, version ? [version] : [])) return STALE
    // Held first, so that two changes of one person's devices follow each other, whoever makes them.
    if (!(yield* first(users.heldUser(tenant.number, person.user)))) return noDevice()
    const own = yield* loadOwn(this.#needs, tenant.number, person.user)
    return refusalOf(mayChangeDevices(tenant.configuration, own, person, this.#needs.clock.now())) ?? own
  }
}

function typeOf({ configuration }: Tenant, code: string | undefined): DeviceType {
  const types = ownTypes(configuration)
  const type = code === undefined ? types[0] : types.find(one => one.code === code)
  if (!type) throw new Refusal('invalid_value', 'type is none that may be added here.')
  return type
}

const administrator = ({ user, correlation }: Person): Administrator => ({
  actor: { kind: 'user', id: user },
  permissions: EVERYTHING,
  correlation,
})
