/**
 * Authenticators: a user's enrolment under a policy, one per user and policy. Under a password policy it comes with its password,
 * under any other with none. Slow hashes are computed before the unit that decides, in a place of the bounded pool.
 */
import type { Wanted } from '#administration/authenticator-dates.ts'
import {
  createAuthenticator,
  noAuthenticator,
  noOwner,
  removeAuthenticator,
  resetAuthenticator,
  type Target,
  updateAuthenticator,
} from '#administration/authenticator-units.ts'
import { type AuthenticatorView, viewOf } from '#administration/authenticator-view.ts'
import { type Administrator, assertMay, change } from '#administration/change.ts'
import type { AdministrationNeeds } from '#administration/needs.ts'
import {
  type ReadyRegistration,
  readyRegistration,
  registerOob,
  registrationQueries,
  unregisterOob,
  type WantedRegistration,
} from '#administration/oob-registration.ts'
import { readyPassword } from '#administration/password-change.ts'
import type { UserId } from '#domain/ids.ts'
import { first, rowsOf } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { SearchPlan } from '#domain/search.ts'
import type { Tenant } from '#domain/tenant.ts'

export interface Enrolment extends Wanted {
  readonly user: UserId
  readonly policy: string
  readonly password?: string | undefined
  readonly registration?: WantedRegistration | undefined
}

export class Authenticators {
  readonly #needs: AdministrationNeeds

  constructor(needs: AdministrationNeeds) {
    this.#needs = needs
  }

  async load(tenant: Tenant, user: UserId, policy: string): Promise<AuthenticatorView> {
    const { store, authenticators, clock } = this.#needs
    const row = await store.read(tenant.number, () => first(authenticators.authenticator(tenant.number, user, policy)))
    if (!row) throw noAuthenticator()
    return viewOf(row, tenant.configuration, clock.now())
  }

  async search(
    tenant: Tenant,
    plan: SearchPlan,
  ): Promise<{ readonly total: number; readonly authenticators: readonly AuthenticatorView[] }> {
    const { store, search, authenticators, clock } = this.#needs
    const queries = search('Authenticator', tenant.number, plan)
    const now = clock.now()
    return store.read(tenant.number, function* () {
      const page = yield* rowsOf(queries.rows)
      const whole = plan.offset === 0 && page.length < plan.count
      const total = whole ? page.length : ((yield* first(queries.total))?.total ?? 0)
      if (page.length === 0) return { total, authenticators: [] }
      const owners = [...new Set(page.map(({ id }) => id))]
      const rows = yield* rowsOf(authenticators.authenticatorsOf(tenant.number, owners))
      const byKey = new Map(rows.map(row => [`${row.user}.${row.policy}`, viewOf(row, tenant.configuration, now)]))
      return { total, authenticators: page.flatMap(({ id, policy }) => byKey.get(`${id}.${policy}`) ?? []) }
    })
  }

  async create(tenant: Tenant, enrolment: Enrolment, by: Administrator) {
    const { user, policy: code, password, registration, ...wanted } = enrolment
    const policy = tenant.configuration.findPolicy(code)
    if (!policy) throw new Refusal('invalid_value', 'There is no authentication policy with this code.')
    if (policy.factor === 'pki')
      throw new Refusal('unsupported_value', `${policy.code} is for certificates, which this server cannot prove.`)
    if (policy.factor === 'assertion')
      throw new Refusal(
        'unsupported_value',
        `${policy.code} is for assertions of clients; nobody owns an authenticator.`,
      )
    if (policy.factor === 'password' && password === undefined) {
      throw new Refusal('invalid_value', `An authenticator of ${policy.code} needs a password.`)
    }
    const oob = registration && readyRegistration(tenant, policy, registration)
    const existing = await this.#exists(tenant, user, code)
    if (existing) throw new Refusal('uniqueness', 'The user has an authenticator of this policy already.')
    const ready =
      password === undefined
        ? undefined
        : await readyPassword(this.#needs, tenant, { user, policy, password }, by, noOwner())
    const of = (one: ReadyRegistration) => (current: Tenant) =>
      registrationQueries(this.#needs, current, { user, policy: code }, one)
    return change<AuthenticatorView>(this.#needs, tenant, current =>
      createAuthenticator(
        this.#needs,
        current,
        { user, policy, wanted, password: ready, ...(oob ? { more: of(oob) } : {}) },
        by,
      ),
    )
  }

  async update(tenant: Tenant, target: Target, wanted: Wanted, password: string | undefined, by: Administrator) {
    const ready = password === undefined ? undefined : await this.#newPassword(tenant, target, password, by)
    return change<AuthenticatorView>(this.#needs, tenant, current =>
      updateAuthenticator(this.#needs, current, target, { wanted, password: ready }, by),
    )
  }

  async reset(tenant: Tenant, target: Target, by: Administrator): Promise<AuthenticatorView> {
    assertMay(by, 'authenticator.reset')
    return change<AuthenticatorView>(this.#needs, tenant, current =>
      resetAuthenticator(this.#needs, current, target, by),
    )
  }

  /** For codes by mail or SMS; answers what stands now. */
  async register(tenant: Tenant, target: Target, wanted: WantedRegistration, by: Administrator) {
    assertMay(by, 'authenticator.create')
    const policy = tenant.configuration.findPolicy(target.policy)
    if (!policy) throw noAuthenticator()
    const ready = readyRegistration(tenant, policy, wanted)
    await change<true>(this.#needs, tenant, current => registerOob(this.#needs, current, target, ready, by))
    return ready
  }

  async unregister(tenant: Tenant, target: Target, by: Administrator): Promise<void> {
    assertMay(by, 'authenticator.delete')
    await change<true>(this.#needs, tenant, current => unregisterOob(this.#needs, current, target, by))
  }

  async remove(tenant: Tenant, target: Target, by: Administrator): Promise<void> {
    await change<true>(this.#needs, tenant, current => removeAuthenticator(this.#needs, current, target, by))
  }

  async #newPassword(tenant: Tenant, { user, policy: code }: Target, password: string, by: Administrator) {
    assertMay(by, 'authenticator.password')
    const policy = tenant.configuration.findPolicy(code)
    if (!policy || !(await this.#exists(tenant, user, code))) throw noAuthenticator()
    return readyPassword(this.#needs, tenant, { user, policy, password }, by, noAuthenticator())
  }

  async #exists(tenant: Tenant, user: UserId, policy: string): Promise<boolean> {
    const { store, authenticators } = this.#needs
    const row = await store.read(tenant.number, () => first(authenticators.authenticator(tenant.number, user, policy)))
    return row !== undefined
  }
}
