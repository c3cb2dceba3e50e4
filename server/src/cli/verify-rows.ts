/** Runs the checks of rows over all tenants, a page per snapshot, and keeps the first hundred of what it found. */
import type { Office } from '#cli/office.ts'
import type { TenantNumber } from '#domain/ids.ts'
import { first, rowsOf, WHOLE_STORE } from '#domain/ports/store.ts'
import type { StoreCheck, VerifyKey } from '#domain/ports/verify-queries.ts'
import { Fault } from '#domain/refusal.ts'
import { verifyQueries } from '#storage/verify.ts'

export interface StoreFinding {
  readonly tenant: TenantNumber
  readonly table: string
  readonly row: string
  readonly sentence: string
}

const PAGE = 1000
const SEALED_PAGE = 200
const LISTED = 100
/** Left so only by an import or an erasure that was interrupted. */
const UNFINISHED = new Set(['IMPORTING', 'ERASING'])

export async function verifyRows(
  office: Pick<Office, 'foundations' | 'tenants'>,
): Promise<{ findings: readonly StoreFinding[]; total: number; tenants: number; rows: number }> {
  const findings: StoreFinding[] = []
  const counts = { total: 0, rows: 0 }
  const found: Found = (tenant, table, row, sentence) => {
    counts.total += 1
    if (findings.length < LISTED) findings.push({ tenant, table, row, sentence })
  }
  const all = await office.tenants.list()
  const living = all.filter(({ status }) => !UNFINISHED.has(status) && status !== 'ERASED')
  for (const { number } of living) {
    for (const check of verifyQueries.checks) counts.rows += await verifyTable(office, number, check, found)
    await verifyNumbers(office, number, found)
    await verifySeals(office, number, found)
  }
  await verifyStrays(office, new Set(living.map(({ number }) => number)), found)
  for (const { number, name, status } of all) {
    if (UNFINISHED.has(status)) {
      found(number, 'tenant', name, `The tenant is ${status}: finish it with countersign tenant erase ${name} --yes`)
    }
  }
  return { findings, tenants: living.length, ...counts }
}

type Found = (tenant: TenantNumber, table: string, row: string, sentence: string) => void
type Desk = Pick<Office, 'foundations'>

async function verifyTable(
  { foundations: { store } }: Desk,
  tenant: TenantNumber,
  check: StoreCheck,
  found: Found,
): Promise<number> {
  let count = 0
  for (let after: VerifyKey = { n: -1, t: '' }, more = true; more; ) {
    const from = after
    const rows = await store.read(tenant, () => rowsOf(check.rows(tenant, from, PAGE)))
    for (const { n, t, wrong } of rows) {
      if (wrong !== 0) found(tenant, check.table, [n || '', t].filter(part => part !== '').join(' '), check.sentence)
    }
    count += rows.length
    after = rows.at(-1) ?? after
    more = rows.length === PAGE
  }
  return count
}

async function verifyNumbers({ foundations: { store } }: Desk, tenant: TenantNumber, found: Found): Promise<void> {
  for (const { noun, kept, counted } of await store.read(tenant, () => rowsOf(verifyQueries.totals(tenant)))) {
    found(tenant, 'tenant_counter', noun, `The kept total is ${kept}, there are ${counted}.`)
  }
  for (const { noun, highest, nextId } of await store.read(tenant, () => rowsOf(verifyQueries.highest(tenant)))) {
    found(tenant, noun, String(highest), `The id is not below ${nextId}, the next one to be given out.`)
  }
}

/** Unsealing proves that the secret stands where it was put and that its key is there. */
async function verifySeals({ foundations }: Desk, tenant: TenantNumber, found: Found): Promise<void> {
  const { store, keyRing } = foundations
  const sealer = await keyRing.loadSealer(tenant).catch((error: unknown) => {
    if (!(error instanceof Fault)) throw error
    found(tenant, 'tenant_key', '', error.message)
    return undefined
  })
  if (!sealer) return
  for (let after = 0, more = true; more; ) {
    const from = after
    const rows = await store.read(tenant, () => rowsOf(verifyQueries.sealedAfter(tenant, from, SEALED_PAGE)))
    for (const { id, secret } of rows) {
      try {
        sealer.unseal({ table: 'credential', column: 'secret', row: String(id) }, secret).fill(0)
      } catch (error) {
        found(tenant, 'credential', String(id), error instanceof Fault ? error.message : 'The secret does not open.')
      }
    }
    after = rows.at(-1)?.id ?? after
    more = rows.length === SEALED_PAGE
  }
}

/** Rows of a tenant that is not there, or that was erased. */
async function verifyStrays(
  { foundations: { store } }: Desk,
  living: ReadonlySet<number>,
  found: Found,
): Promise<void> {
  for (const table of verifyQueries.tables) {
    for (let after: TenantNumber | undefined = 0; after !== undefined; ) {
      const from: TenantNumber = after
      const row = await store.read(WHOLE_STORE, () => first(verifyQueries.nextTenantIn(table, from)))
      after = row?.tenant ?? undefined
      if (after !== undefined && !living.has(after))
        found(after, table, '', 'There are rows of a tenant that is not active.')
    }
  }
}
