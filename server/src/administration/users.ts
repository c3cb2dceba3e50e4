/**
 * Users: made, read, searched, changed by merging, removed. Every change is one unit with its audit event, and nobody may
 * change a user who may do more than he himself (`refusalFor`).
 */
import { type Administrator, assertMay, change } from '#administration/change.ts'
import type { AdministrationNeeds } from '#administration/needs.ts'
import type { UserChange } from '#administration/user-change.ts'
import { createUser, newUser } from '#administration/user-create.ts'
import { removeUser } from '#administration/user-remove.ts'
import { type Target, updateUser } from '#administration/user-update.ts'
import { loadUsers, type UserPart, type UserView } from '#administration/user-view.ts'
import type { UserId } from '#domain/ids.ts'
import { first, rowsOf } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { SearchPlan } from '#domain/search.ts'
import type { Tenant } from '#domain/tenant.ts'

export class Users {
  readonly #needs: AdministrationNeeds

  constructor(needs: AdministrationNeeds) {
    this.#needs = needs
  }

  async load(tenant: Tenant, id: UserId, parts: ReadonlySet<UserPart>): Promise<UserView> {
    const { store, users } = this.#needs
    const [user] = await store.read(tenant.number, () => loadUsers(users, tenant.number, [id], parts))
    if (!user) throw new Refusal('not_found', 'There is no user with this id.')
    return user
  }

  /** By a name he signs in with; undefined when nobody has it. */
  async findNamed(tenant: Tenant, name: string): Promise<UserId | undefined> {
    const { store, users } = this.#needs
    const row = await store.read(tenant.number, () => first(users.userNamed(tenant.number, name)))
    return row?.user
  }

  async search(
    tenant: Tenant,
    plan: SearchPlan,
    parts: ReadonlySet<UserPart>,
  ): Promise<{ readonly total: number; readonly users: readonly UserView[] }> {
    const { store, search, users } = this.#needs
    const queries = search('User', tenant.number, plan)
    return store.read(tenant.number, function* () {
      const page = yield* rowsOf(queries.rows)
      // A first page that is not full is everything: the commonest search, by a name, is not run twice.
      const whole = plan.offset === 0 && page.length < plan.count
      const total = whole ? page.length : ((yield* first(queries.total))?.total ?? 0)
      const ids = page.map(({ id }) => id)
      return { total, users: yield* loadUsers(users, tenant.number, ids, parts) }
    })
  }

  async create(tenant: Tenant, wanted: UserChange, by: Administrator): Promise<UserView> {
    const roles = [...new Set(wanted.roles)]
    if (roles.length > 0) assertMay(by, 'role.assign')
    const [id] = (await this.#needs.ids.next(tenant.number, 1)) as readonly [UserId]
    const made = newUser(id, wanted, this.#needs.clock.now())
    if (made instanceof Refusal) throw made
    return change(this.#needs, tenant, current => createUser(this.#needs, current, made, roles, by))
  }

  async update(tenant: Tenant, target: Target, wanted: UserChange, by: Administrator): Promise<UserView> {
    return change(this.#needs, tenant, current => updateUser(this.#needs, current, target, wanted, by))
  }

  async remove(tenant: Tenant, target: Target, by: Administrator): Promise<void> {
    await change<true>(this.#needs, tenant, current => removeUser(this.#needs, current, target, by))
  }
}
