/** A tenant's ES256 keys on the real engine: made once, followed in time, shown as long as they may have signed. */
import { verify } from 'node:crypto'
import * as jose from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rowsOf } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import { SystemClock } from '#jobs/clock.ts'
import { SystemRandom } from '#jobs/system-random.ts'
import { LEAD_MS, RELOAD_MS } from '#keys/current-key.ts'
import { EcKeys } from '#keys/ec-keys.ts'
import { KeyRing } from '#keys/key-ring.ts'
import { MasterKey } from '#keys/master-key.ts'
import { ecKeyQueries as rows } from '#storage/ec-keys.ts'
import { keyQueries } from '#storage/keys.ts'
import { engines, type FreshStore } from '../../test/fresh-store.ts'

const TENANT = 7
const DAY_MS = 86_400_000
const random = new SystemRandom()
const master = new MasterKey(new Uint8Array(32).fill(1), random)
const statementsOf = (statements: readonly string[]) =>
  statements.map(text => jose.decodeJwt(text) as jose.JWTPayload & { use: string; tenant: string; jwk: jose.JWK })

describe.each(engines)('$name', engine => {
  let fresh: FreshStore
  let time: number
  const clock = new SystemClock(0, () => time)

  const newKeys = (name = 'demo') => {
    const ring = new KeyRing({ master, store: fresh.store, rows: keyQueries, random, clock })
    const loadSealer = (tenant: number) => ring.loadSealer(tenant)
    return new EcKeys({ store: fresh.store, rows, clock, loadSealer, nameOf: async () => name })
  }

  beforeEach(async ({ skip }) => {
    if (engine.absent) skip()
    time = Math.max(Date.UTC(2026, 5, 1), clock.now() + 1)
    fresh = await engine.open()
    const ring = new KeyRing({ master, store: fresh.store, rows: keyQueries, random, clock })
    for (const tenant of [TENANT, TENANT + 1]) {
      await fresh.store.write(tenant, function* () {
        yield ring.mint(tenant).queries
      })
    }
  })
  afterEach(() => fresh?.close())

  test('nodes that need a key at once use one; the next start finds it; another tenant and purpose have others', async () => {
    const [one, other] = await Promise.all([newKeys().load(TENANT, 'vapid'), newKeys().load(TENANT, 'vapid')])
    expect(other.kid).toBe(one.kid)
    expect((await newKeys().load(TENANT, 'vapid')).kid).toBe(one.kid)
    expect((await newKeys().load(TENANT + 1, 'vapid')).kid).not.toBe(one.kid)
    expect((await newKeys().load(TENANT, 'id-token')).kid).not.toBe(one.kid)
    expect(one.kid).toBe(await jose.calculateJwkThumbprint(one.publicJwk))
    expect(Buffer.from(one.point, 'base64url')).toHaveLength(65)
  })

  test('what it signs verifies elsewhere', async () => {
    const key = await newKeys().load(TENANT, 'id-token')
    const text = key.signCompact({ typ: 'cs-policy+jwt' }, { version: 7 })
    const { payload, protectedHeader } = await jose.jwtVerify(text, await jose.importJWK(key.publicJwk, 'ES256'))
    expect([payload, protectedHeader]).toEqual([{ version: 7 }, { alg: 'ES256', typ: 'cs-policy+jwt', kid: key.kid }])
    const bytes = Buffer.from('bytes')
    const publicKey = { key: key.publicJwk, format: 'jwk', dsaEncoding: 'ieee-p1363' } as const
    expect(verify('sha256', bytes, publicKey, key.sign(bytes))).toBe(true)
  })

  test('H1: the private key stands sealed, and moved to another purpose it is a Fault', async () => {
    await newKeys().load(TENANT, 'vapid')
    const [row] = await fresh.store.read(TENANT, () => rowsOf(rows.ecKeys(TENANT, 'vapid', time)))
    if (!row) throw new Error('no row')
    expect(Buffer.from(row.privateKey).includes(Buffer.from('2a8648ce3d0201', 'hex'))).toBe(false) // ecPublicKey
    await fresh.store.write(TENANT, () => rowsOf(rows.addEcKey(TENANT, 'id-token', row)))
    await expect(newKeys().load(TENANT, 'id-token')).rejects.toThrow(Fault)
  })

  test('the root vouches for the working key, for 400 days', async () => {
    const { root, working, statements } = await newKeys().approveKeys(TENANT)
    expect(statements).toEqual([working.statement])
    const { payload, protectedHeader } = await jose.jwtVerify(
      statements[0] ?? '',
      await jose.importJWK(root.publicJwk, 'ES256'),
      { currentDate: new Date(time) },
    )
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'cs-statement+jwt', kid: root.kid })
    const iat = Math.floor(time / 1000)
    expect(payload).toEqual({ use: 'working', jwk: working.publicJwk, tenant: 'demo', iat, exp: iat + 400 * 86_400 })
  })

  test('in the last sixty days of its statement a working key is followed; both are shown, the old one until its end', async () => {
    const keys = newKeys()
    const first = await keys.approveKeys(TENANT)
    time += 339 * DAY_MS
    expect((await keys.approveKeys(TENANT)).statements).toHaveLength(1)
    time += 2 * DAY_MS
    const [one, other] = await Promise.all([newKeys().approveKeys(TENANT), newKeys().approveKeys(TENANT)])
    expect(other.statements).toEqual(one.statements)
    expect([one.working.kid, one.statements.length]).toEqual([first.working.kid, 2])
    time += LEAD_MS + RELOAD_MS
    const next = await newKeys().approveKeys(TENANT)
    expect(next.working.kid).not.toBe(first.working.kid)
    expect(next.working.statement).toBe(next.statements[0])
    time += 59 * DAY_MS
    expect((await newKeys().approveKeys(TENANT)).statements).toEqual([next.working.statement])
  })

  test('after years without use the next working key signs at once', async () => {
    const first = await newKeys().approveKeys(TENANT)
    time += 1000 * DAY_MS
    const { working, statements } = await newKeys().approveKeys(TENANT)
    expect(working.kid).not.toBe(first.working.kid)
    expect(statementsOf(statements).every(({ exp = 0 }) => exp * 1000 > time)).toBe(true)
    expect(statements).toEqual([working.statement])
  })

  test('a tenant that moved and is called otherwise gets a working key under its new name, of the same root', async () => {
    const before = await newKeys('demo').approveKeys(TENANT)
    time += 1
    const { root, working, statements } = await newKeys('bank').approveKeys(TENANT)
    expect(root.kid).toBe(before.root.kid)
    expect(working.kid).not.toBe(before.working.kid)
    expect(statementsOf(statements).map(({ tenant }) => tenant)).toEqual(['bank'])
  })

  test('published: none before the first use, then the public half alone; a rotation shows the successor before it signs', async () => {
    const keys = newKeys()
    expect(await keys.published(TENANT)).toEqual([])
    const old = await keys.load(TENANT, 'id-token')
    const { x, y } = old.publicJwk
    expect(await newKeys().published(TENANT)).toEqual([
      { kty: 'EC', use: 'sig', alg: 'ES256', kid: old.kid, crv: 'P-256', x, y },
    ])
    const kid = await keys.rotate(TENANT, 'id-token')
    expect((await newKeys().published(TENANT)).map(key => key.kid)).toEqual([kid, old.kid])
    expect((await keys.load(TENANT, 'id-token')).kid).toBe(old.kid)
    time += LEAD_MS
    expect((await newKeys().load(TENANT, 'id-token')).kid).toBe(kid)
    time += 30 * DAY_MS
    expect((await newKeys().published(TENANT)).map(key => key.kid)).toEqual([kid])
  })

  test('a rotated working key stays shown as long as its statement is good', async () => {
    const keys = newKeys()
    const { working } = await keys.approveKeys(TENANT)
    const kid = await keys.rotate(TENANT, 'approve-working')
    time += LEAD_MS
    const after = await newKeys().approveKeys(TENANT)
    expect(after.working.kid).toBe(kid)
    expect(after.statements).toContain(working.statement)
  })
})
