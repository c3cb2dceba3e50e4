/**
 * A tenant in one file of JSON lines: a head, its rows, its audit as proof, an end with a MAC over every line. Ids and
 * hashes stay as they are; secrets are sealed anew, to the file and then to the tenant they arrive in, which has a number of
 * its own. Sessions, tokens and challenges are not carried. The audit is carried but never taken in: it stays provable.
 */

import { readEntry, rowLine } from '#administration/tenant-archive-lines.ts'
import { ArchiveSeal } from '#administration/tenant-archive-seal.ts'
import type { TenantErasure } from '#administration/tenant-erasure.ts'
import type { Tenants } from '#administration/tenants.ts'
import type { TenantNumber } from '#domain/ids.ts'
import type { Clock } from '#domain/ports/clock.ts'
import type { Random } from '#domain/ports/random.ts'
import type { Recorder } from '#domain/ports/recorder.ts'
import type { Sealer } from '#domain/ports/sealer.ts'
import { first, rowsOf, type Store, type Unit } from '#domain/ports/store.ts'
import type { ArchivedRow, ArchivedTable, TenantArchiveQueries } from '#domain/ports/tenant-archive-queries.ts'
import type { TenantQueries, TenantRow } from '#domain/ports/tenant-queries.ts'
import { Refusal } from '#domain/refusal.ts'

export interface TenantArchiveNeeds {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly recorder: Recorder
  readonly tenants: Tenants
  readonly erasure: TenantErasure
  readonly rows: TenantArchiveQueries
  readonly directory: TenantQueries
  loadSealer(tenant: TenantNumber): Promise<Sealer>
  /** The tenant's audit as lines, each with its sequence and leaf. */
  auditLines(tenant: TenantNumber): AsyncIterable<string>
}

type Found = readonly (readonly [ArchivedTable, ArchivedRow])[]
type Count = { rows: number; audit: number }

const FORMAT = 1
const PAGE = 1000
/** Statements of one snapshot; a store allows 200. */
const PAGES_OF_A_SNAPSHOT = 190
const ROWS_AT_ONCE = 100

export class TenantArchive {
  readonly #needs: TenantArchiveNeeds

  constructor(needs: TenantArchiveNeeds) {
    this.#needs = needs
  }

  /** `stopped`: nobody works on the store, so that it may be read in parts, however large the tenant is. */
  async *export(name: string, passphrase: string, stopped: boolean): AsyncGenerator<string, Count> {
    const { store, rows, directory, random, clock, loadSealer, auditLines } = this.#needs
    const row = await store.read(0, () => first(directory.tenantByName(name)))
    if (row?.status !== 'ACTIVE') throw new Refusal('not_found', `There is no active tenant "${name}".`)
    const seal = await ArchiveSeal.open(passphrase, random)
    const sealer = await loadSealer(row.number)
    const whole = stopped ? undefined : await store.read(row.number, () => this.#snapshot(row.number))
    if (!stopped && whole === undefined) {
      const action = 'Stop every server of this store and say --stopped.'
      throw new Refusal('limit_reached', `The tenant is too large to be read at one moment while it works. ${action}`)
    }
    const nextId = await store.read(row.number, () => first(rows.nextId(row.number)))
    const count = { rows: 0, audit: 0 }
    const line = (text: string): string => {
      seal.add(text)
      return text
    }
    yield line(
      JSON.stringify({
        countersign: 'tenant',
        format: FORMAT,
        tenant: name,
        salt: seal.salt,
        nextId: nextId?.nextId,
        at: clock.now(),
      }),
    )
    for await (const [table, found] of whole ?? this.#inParts(row.number)) {
      count.rows += 1
      yield line(rowLine(table, found, (place, sealed) => seal.seal(place, sealer.unseal(place, sealed))))
    }
    for await (const audit of auditLines(row.number)) {
      count.audit += 1
      yield line(JSON.stringify({ audit }))
    }
    yield JSON.stringify({ end: count.rows, mac: seal.mac() })
    return count
  }

  /** `lines` is asked for twice: nothing is written before the whole file has been found unchanged. */
  async import(
    lines: () => AsyncIterable<string>,
    passphrase: string,
    as: string | undefined,
  ): Promise<TenantRow & { rows: number }> {
    const { store, rows, tenants, directory, loadSealer, erasure, recorder } = this.#needs
    const { seal, head } = await this.#checked(lines, passphrase)
    const made = await tenants.create(as ?? head.tenant)
    await store.write(made.number, () => rowsOf(directory.setTenantStatus(made.number, 'IMPORTING')))
    try {
      const sealer = await loadSealer(made.number)
      const resealed = (place: Parameters<Sealer['seal']>[0], sealed: Uint8Array) =>
        sealer.seal(place, seal.unseal(place, sealed))
      const count = await this.#takeIn(lines, made.number, resealed)
      await store.write(made.number, function* (): Unit<void> {
        const event = recorder.record(made.number, {
          action: 'importTenant',
          result: 'SUCCESS',
          actor: { kind: 'operator' },
          parameters: { OID: made.name, TEXT1: count },
        })
        yield [
          rows.setNextId(made.number, head.nextId),
          directory.setTenantStatus(made.number, 'ACTIVE'),
          ...event.queries,
        ]
      })
      return { ...made, status: 'ACTIVE', rows: count }
    } catch (error) {
      await erasure.erase(made.name)
      throw error
    }
  }

  async #takeIn(
    lines: () => AsyncIterable<string>,
    tenant: TenantNumber,
    resealed: Parameters<typeof readEntry>[2],
  ): Promise<number> {
    const { store, rows } = this.#needs
    let waiting: [ArchivedTable, ArchivedRow][] = []
    let count = 0
    const write = async () => {
      const batch = waiting
      waiting = []
      if (batch.length === 0) return
      await store.write(tenant, function* (): Unit<void> {
        yield batch.map(([table, row]) => rows.addRow(table, tenant, row))
      })
      count += batch.length
    }
    for await (const line of lines()) {
      const entry = readEntry(rows.tables, line, resealed)
      if (entry) waiting.push(entry)
      if (waiting.length === ROWS_AT_ONCE) await write()
    }
    await write()
    return count
  }

  async #checked(
    lines: () => AsyncIterable<string>,
    passphrase: string,
  ): Promise<{ seal: ArchiveSeal; head: { tenant: string; nextId: number } }> {
    let seal: ArchiveSeal | undefined
    let head: { tenant: string; nextId: number } | undefined
    let end: { mac?: unknown } | undefined
    for await (const line of lines()) {
      if (end) throw unreadable('there is more after its end')
      if (!seal) {
        const found = headOf(line)
        seal = await ArchiveSeal.open(passphrase, this.#needs.random, found.salt)
        head = found
      }
      if (line.startsWith('{"end":')) end = JSON.parse(line)
      else seal.add(line)
    }
    if (!seal || !head) throw unreadable('it is empty')
    if (typeof end?.mac !== 'string') throw unreadable('its end is missing')
    if (!seal.fits(end.mac))
      throw new Refusal('invalid_request', 'The pass phrase is not that of the file, or the file was changed.')
    return { seal, head }
  }

  /** All rows as of one moment, or nothing when they are too many for that. */
  *#snapshot(tenant: TenantNumber): Unit<Found | undefined> {
    const { rows } = this.#needs
    const found: (readonly [ArchivedTable, ArchivedRow])[] = []
    let pages = 0
    for (const table of rows.tables) {
      for (let after: ArchivedRow | undefined, more = true; more; ) {
        if (++pages > PAGES_OF_A_SNAPSHOT) return undefined
        const page: readonly ArchivedRow[] = yield* rowsOf(rows.rowsAfter(table, tenant, after, PAGE))
        found.push(...page.map(row => [table, row] as const))
        after = page.at(-1)
        more = page.length === PAGE
      }
    }
    return found
  }

  async *#inParts(tenant: TenantNumber): AsyncIterable<readonly [ArchivedTable, ArchivedRow]> {
    const { store, rows } = this.#needs
    for (const table of rows.tables) {
      for (let after: ArchivedRow | undefined, more = true; more; ) {
        const query = rows.rowsAfter(table, tenant, after, PAGE)
        const page: readonly ArchivedRow[] = await store.read(tenant, () => rowsOf(query))
        for (const row of page) yield [table, row]
        after = page.at(-1)
        more = page.length === PAGE
      }
    }
  }
}

function headOf(line: string): { tenant: string; nextId: number; salt: string } {
  const head = parsed(line)
  if (head.countersign !== 'tenant') throw unreadable('it is not the file of a tenant')
  if (head.format !== FORMAT) throw unreadable('its format is not known to this release')
  const { tenant, nextId, salt } = head
  if (typeof tenant !== 'string' || typeof salt !== 'string' || !Number.isSafeInteger(nextId)) {
    throw unreadable('its head is not whole')
  }
  return { tenant, nextId: nextId as number, salt }
}

function parsed(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>
  } catch {
    // Told below, in words.
  }
  throw unreadable('its first line is not JSON')
}

function unreadable(why: string): Refusal {
  return new Refusal('invalid_request', `The file cannot be taken in: ${why}. Take another one.`)
}
