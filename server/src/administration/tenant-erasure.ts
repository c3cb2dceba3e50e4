/**
 * Erases a tenant: it is closed at once, then its keys go, then its rows in chunks, personal values of the audit among
 * them. The events and their leaves stay, so that the tree still verifies, and so does the number, which is never used
 * again. What was interrupted is finished by asking again. A backup made before still holds the tenant.
 */
import type { TenantNumber } from '#domain/ids.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import { first, rowsOf, type Store, type Unit } from '#domain/ports/store.ts'
import type { TenantArchiveQueries } from '#domain/ports/tenant-archive-queries.ts'
import type { TenantQueries } from '#domain/ports/tenant-queries.ts'
import { Refusal } from '#domain/refusal.ts'

export interface TenantErasureNeeds {
  readonly store: Store
  readonly recorder: Recorder
  readonly directory: TenantQueries
  readonly rows: TenantArchiveQueries
  forgetKeys(tenant: TenantNumber): void
}

export class TenantErasure {
  readonly #needs: TenantErasureNeeds

  constructor(needs: TenantErasureNeeds) {
    this.#needs = needs
  }

  /** Answers how many rows went. */
  async erase(name: string): Promise<{ readonly number: TenantNumber; readonly rows: number }> {
    const { store, directory, rows, recorder, forgetKeys } = this.#needs
    const tenant = await store.read(0, () => first(directory.tenantByName(name)))
    if (!tenant) throw new Refusal('not_found', `There is no tenant "${name}". See: countersign tenant list`)
    const { number } = tenant
    await store.write(number, () => rowsOf(directory.setTenantStatus(number, 'ERASING')))
    forgetKeys(number)
    let erased = 0
    for (const table of rows.erasable) {
      for (let found = 1; found > 0; erased += found) {
        found = (await store.write(number, () => rowsOf(rows.eraseSome(table, number)))).length
      }
    }
    await store.write(number, function* (): Unit<void> {
      const event = recorder.record(number, {
        action: 'eraseTenant',
        result: 'SUCCESS',
        actor: { kind: 'operator' },
        parameters: { OID: name, TEXT1: erased },
      })
      // The name is free again; ~ stands in no name that can be given.
      yield [
        rows.renameTenant(number, `${name}~${number}`),
        directory.setTenantStatus(number, 'ERASED'),
        ...event.queries,
      ]
    })
    return { number, rows: erased }
  }
}
