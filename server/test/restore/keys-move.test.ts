/** Where each kind of key stands after a restore, over more keys than one unit takes, on both engines. */
import { describe, expect, test } from 'vitest'
import { stock } from '#configuration/seed/stock.ts'
import { buildConfiguration } from '#domain/configuration.ts'
import { type Query, rowsOf, type Unit } from '#domain/ports/store.ts'
import { epochSteps } from '#storage/epoch-hooks.ts'
import { raiseEpoch } from '#storage/raise-epoch.ts'
import { engines } from '../fresh-store.ts'

const NOW_SECONDS = 1_800_000_000
const HALF_MINUTES = NOW_SECONDS / 30
const OWN = JSON.stringify({
  code: 'CT_OWN',
  factor: 'oath',
  settings: {
    algorithm: 'TOTP',
    hash: 'SHA1',
    digits: 6,
    step_seconds: 60,
    window: 5,
    resync_window: 10,
    use: 'otp',
    joiner: '',
  },
})

interface Key {
  readonly type: string
  readonly settings?: object
  readonly next?: number
  readonly drift?: number
  readonly becomes: { readonly next: number; readonly held: 0 | 1 }
}

const keys: readonly Key[] = [
  { type: 'CT_AIOT', next: 5, becomes: { next: HALF_MINUTES + 3, held: 0 } },
  { type: 'CT_AIOT', next: 5, drift: 4, becomes: { next: HALF_MINUTES + 7, held: 0 } },
  { type: 'CT_AIOT', next: 5, drift: -4, becomes: { next: HALF_MINUTES + 3, held: 0 } },
  { type: 'CT_AIOT', next: HALF_MINUTES + 900, becomes: { next: HALF_MINUTES + 900, held: 0 } },
  { type: 'CT_AIOT', settings: { step_seconds: 60, window: 1 }, becomes: { next: HALF_MINUTES / 2 + 2, held: 0 } },
  { type: 'CT_OWN', becomes: { next: HALF_MINUTES / 2 + 6, held: 0 } },
  { type: 'CT_AIOE', next: 7, becomes: { next: 207, held: 1 } },
  { type: 'CT_GONE', next: 7, becomes: { next: 7, held: 1 } },
  { type: 'CT_AIOCRA', next: 0, becomes: { next: 0, held: 0 } },
  {
    type: 'CT_AIOCRA',
    settings: { suite: 'OCRA-1:HOTP-SHA1-6:C-QN08', window: 20 },
    next: 9,
    becomes: { next: 9, held: 0 },
  },
  { type: 'CT_AITDS8', next: 0, becomes: { next: 0, held: 0 } },
  {
    type: 'CT_AITDS8',
    settings: { suite: 'OCRA-1:HOTP-SHA1-8:C-QA64', window: 20 },
    next: 9,
    becomes: { next: 29, held: 1 },
  },
  {
    type: 'CT_AITDS8',
    settings: { suite: 'OCRA-1:HOTP-SHA1-8:QA64-T1M', window: 2 },
    becomes: { next: HALF_MINUTES / 2 + 3, held: 0 },
  },
]
/** Three units and a part. */
const TENANTS = 40

const raw = (name: string, text: string, ...values: readonly unknown[]): Query => ({ name: `t_${name}`, text, values })

function rowsOfTenant(tenant: number): readonly Query[] {
  const made = keys.flatMap(({ type, settings = {}, next = 0, drift = 0 }, n) => [
    raw(
      'device',
      "insert into device (tenant_number, id, external_id, external_id_key, type, status, start_at, created_at, version) values (?1, ?2, ?3, ?3, 'DT', 'ACTIVE', 0, 0, 1)",
      tenant,
      n + 1,
      `d${n}`,
    ),
    raw(
      'credential',
      "insert into credential (tenant_number, id, device_id, external_id, external_id_key, type, status, start_at, settings, secret, created_at, version) values (?1, ?2, ?2, ?3, ?3, ?4, 'ACTIVE', 0, ?5, ?6, 0, 1)",
      tenant,
      n + 1,
      `d${n}`,
      type,
      JSON.stringify(settings),
      new Uint8Array(20),
    ),
    raw(
      'state',
      'insert into credential_state (tenant_number, id, next, drift, version) values (?1, ?2, ?3, ?4, 1)',
      tenant,
      n + 1,
      next,
      drift,
    ),
  ])
  return [
    raw(
      'tenant',
      "insert into tenant (tenant_number, name, status, version, next_id, created_at) values (?1, ?2, 'ACTIVE', 1, 100, 0)",
      tenant,
      `t${tenant}`,
    ),
    raw(
      'own',
      "insert into configuration_override (tenant_number, kind, code, document, version) values (?1, 'credentialTypes', 'CT_OWN', ?2, 1)",
      tenant,
      OWN,
    ),
    ...made,
  ]
}

describe.each(engines)('on $name', engine => {
  test.skipIf(engine.absent)('O7: every key goes on where nothing used can be accepted', async () => {
    const { store, close } = await engine.open()
    for (let tenant = 1; tenant <= TENANTS; tenant++) {
      await store.write(tenant, function* (): Unit<void> {
        yield rowsOfTenant(tenant)
      })
    }
    const steps = epochSteps({ now_ms: NOW_SECONDS * 1000, stock: buildConfiguration(stock) })
    const { epoch, lines } = await raiseEpoch(store, steps)
    expect(epoch).toBe(2)
    for (const tenant of [1, 20, TENANTS]) {
      const found = await store.read(tenant, () =>
        rowsOf(
          raw(
            'all',
            'select next as "next", held as "held" from credential_state where tenant_number = ?1 order by id',
            tenant,
          ),
        ),
      )
      expect(found.map(row => ({ ...(row as object) }))).toEqual(keys.map(({ becomes }) => becomes))
    }
    const told = lines.join('\n')
    expect(told).toContain(`${7 * TENANTS} keys with a clock`)
    expect(told).toContain(`${3 * TENANTS} keys with an event counter are held`)
    expect(told).toContain(`${TENANTS} signing keys have neither counter nor clock`)
    const left = await store.read(0, () =>
      rowsOf(raw('left', "select value from store_meta where name = 'restore_progress'")),
    )
    expect(left).toEqual([])
    await close()
  })
})
