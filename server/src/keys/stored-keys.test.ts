import { createHash, X509Certificate } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as jose from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { rowsOf } from '#domain/ports/store.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import { SystemClock } from '#jobs/clock.ts'
import { SystemRandom } from '#jobs/system-random.ts'
import { LEAD_MS, RELOAD_MS } from '#keys/current-key.ts'
import { EcKeys } from '#keys/ec-keys.ts'
import { HandleKeys } from '#keys/handle-keys.ts'
import { KeyRing } from '#keys/key-ring.ts'
import { MasterKey } from '#keys/master-key.ts'
import { SigningKeys } from '#keys/signing-keys.ts'
import { openStoreKeys } from '#keys/store-keys.ts'
import { ecKeyQueries } from '#storage/ec-keys.ts'
import { keyQueries as rows } from '#storage/keys.ts'
import { migrateSqlite } from '#storage/migrate.ts'
import { BINARY, migrations } from '#storage/migrations/list.ts'
import { SqliteStore } from '#storage/sqlite/store.ts'

const random = new SystemRandom()
const masterOf = (fill: number) => new MasterKey(new Uint8Array(32).fill(fill), random)
const master = masterOf(1)
const TENANT = 7
const place = { table: 'credential', column: 'secret', row: '1' }
const text = Buffer.from('seed')

let folder: string
let store: SqliteStore
let time: number
const clock = new SystemClock(0, () => time)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
  const path = join(folder, 'countersign.db')
  migrateSqlite(path, { migrations, binary: BINARY, now_ms: 0 })
  store = new SqliteStore(path)
  time = Math.max(Date.UTC(2026, 5, 1), clock.now() + 1)
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

const newRing = (by = master) => new KeyRing({ master: by, store, rows, random, clock })
const newTenant = async (ring: KeyRing, tenant = TENANT) => {
  const { queries, sealer } = ring.mint(tenant)
  await store.write(tenant, function* () {
    yield queries
  })
  return sealer
}
const newEcKeys = (ring = newRing()) =>
  new EcKeys({
    ...{ store, clock, rows: ecKeyQueries },
    loadSealer: tenant => ring.loadSealer(tenant),
    nameOf: async tenant => `tenant-${tenant}`,
  })
const rowsNow = () => store.read(TENANT, () => rowsOf(rows.signingKeys(TENANT, time)))

describe('tenant keys', () => {
  test('what the new tenant sealed opens after a restart, and only there', async () => {
    const sealed = (await newTenant(newRing())).seal(place, text)
    await newTenant(newRing(), TENANT + 1)
    expect(Buffer.from((await newRing().loadSealer(TENANT)).unseal(place, sealed))).toEqual(text)
    const neighbour = await newRing().loadSealer(TENANT + 1)
    expect(() => neighbour.unseal(place, sealed)).toThrow(Fault)
  })

  test('a key row moved to another tenant, or another master key, is a Fault', async () => {
    await newTenant(newRing())
    await store.write(TENANT, function* () {
      const [key] = yield* rowsOf(rows.tenantKeys(TENANT))
      if (key) yield [rows.addTenantKey(TENANT + 1, key)]
    })
    await expect(newRing().loadSealer(TENANT + 1)).rejects.toThrow(/tenant_key 8 1 does not open/)
    await expect(newRing(masterOf(2)).loadSealer(TENANT)).rejects.toThrow(Fault)
    await expect(newRing().loadSealer(99)).rejects.toThrow('tenant 99 has no key')
  })

  test('after a rotation every node opens with the next key before any node seals with it', async () => {
    const [one, other] = [newRing(), newRing()]
    const sealed = (await newTenant(one)).seal(place, text)
    const slow = await other.loadSealer(TENANT)
    expect(await one.rotate(TENANT)).toBe(2)
    expect((await one.loadSealer(TENANT)).current).toBe(1)
    time += LEAD_MS - 1
    expect((await one.loadSealer(TENANT)).current).toBe(1)
    const informed = await other.loadSealer(TENANT)
    expect(informed).not.toBe(slow)
    time += RELOAD_MS
    const next = await one.loadSealer(TENANT)
    expect(next.current).toBe(2)
    expect(Buffer.from(next.unseal(place, sealed))).toEqual(text)
    expect(Buffer.from(informed.unseal(place, next.seal(place, text)))).toEqual(text)
  })

  test('of rotations at once at least one succeeds, and one key stays open', async () => {
    const rings = Array.from({ length: 5 }, () => newRing())
    await newTenant(rings[0] as KeyRing)
    await Promise.allSettled(rings.map(ring => ring.rotate(TENANT)))
    const kept = await store.read(TENANT, () => rowsOf(rows.tenantKeys(TENANT)))
    expect(kept.filter(({ retiredAt }) => retiredAt === null)).toHaveLength(1)
    expect(kept[0]?.retiredAt).toBeNull()
  })

  test('loads of one tenant at once are one load', async () => {
    await newTenant(newRing())
    const ring = newRing()
    const sealers = await Promise.all([1, 2, 3].map(() => ring.loadSealer(TENANT)))
    expect(new Set(sealers).size).toBe(1)
  })
})

describe('handle keys', () => {
  const open = (epoch: number) => HandleKeys.open({ master, store, rows, random, clock, epoch })

  test('nodes that start at once use one key; a restart reads what was made', async () => {
    const [one, other] = await Promise.all([open(1), open(1)])
    const handle = one.handles.make('access_token', 5)
    const again = await open(1)
    for (const { handles } of [other, again])
      expect(handles.read('access_token', handle.text)).toEqual({ rowId: 5, proof: handle.proof })
  })

  test('O7: in the next epoch no handle of the last leads anywhere', async () => {
    const handle = (await open(1)).handles.make('access_token', 5)
    const { handles } = await open(2)
    const found = handles.read('access_token', handle.text)
    expect(found !== undefined && handles.sameProof(handle.proof, found.proof)).toBe(false)
  })

  test('a rotation: the next key is read at once by all, makes a minute later, and the one before last is dead', async () => {
    const [one, other] = [await open(1), await open(1)]
    const first = one.handles.make('code', 1)
    await one.rotate()
    await expect(one.rotate()).rejects.toThrow(Refusal)
    await other.reload()
    time += LEAD_MS
    await one.reload()
    const second = one.handles.make('code', 2)
    for (const { handles } of [one, other]) {
      expect(handles.read('code', first.text)?.rowId).toBe(1)
      expect(handles.read('code', second.text)?.rowId).toBe(2)
    }
    await one.rotate()
    time += LEAD_MS
    await one.rotate()
    expect(one.handles.read('code', second.text)?.rowId).toBe(2)
    const dead = one.handles.read('code', first.text)
    expect(dead !== undefined && one.handles.sameProof(first.proof, dead.proof)).toBe(false)
  })
})

describe('signing keys', () => {
  const newSigner = (ring = newRing()) =>
    new SigningKeys({ store, rows, clock, loadSealer: tenant => ring.loadSealer(tenant), ecKeys: newEcKeys(ring) })
  const verified = async (token: string, jwks: { keys: readonly object[] }) => {
    return jose.jwtVerify(token, jose.createLocalJWKSet(jwks as jose.JSONWebKeySet), { algorithms: ['RS256'] })
  }

  test('made on first use, once, by whoever comes first; tokens verify elsewhere by the published key', async () => {
    await newTenant(newRing())
    const [one, other] = [newSigner(), newSigner()]
    const [token, jwks] = await Promise.all([
      one.sign(TENANT, { sub: 'x' }, { typ: 'JWT' }),
      other.jwks(TENANT),
      one.jwks(TENANT),
    ])
    expect(jwks.keys).toHaveLength(1)
    const { payload, protectedHeader } = await verified(token, jwks)
    expect(payload).toEqual({ sub: 'x' })
    expect(protectedHeader).toEqual({ alg: 'RS256', kid: jwks.keys[0]?.kid, typ: 'JWT' })
    expect(await rowsNow()).toHaveLength(1)
  })

  test('the published key has the members of the reference, and its certificate is of the same key', async () => {
    await newTenant(newRing())
    const key = (await newSigner().jwks(TENANT)).keys.find(one => one.kty === 'RSA')
    expect(Object.keys(key ?? {})).toEqual(['kty', 'use', 'alg', 'kid', 'e', 'n', 'x5c', 'x5t#S256'])
    expect(key?.kid).toMatch(/^\d{13}$/)
    const bytes = Buffer.from(key?.x5c[0] ?? '', 'base64')
    expect(key?.['x5t#S256']).toBe(createHash('sha256').update(bytes).digest('base64url'))
    const certificate = new X509Certificate(bytes)
    expect(certificate.verify(certificate.publicKey)).toBe(true)
    expect(certificate.publicKey.export({ format: 'jwk' })).toEqual({ kty: 'RSA', n: key?.n, e: key?.e })
  })

  test('a rotation publishes the successor before it signs, and the predecessor for a month', async () => {
    await newTenant(newRing())
    const signer = newSigner()
    const old = await signer.sign(TENANT, {})
    const kid = await signer.rotate(TENANT)
    expect((await signer.jwks(TENANT)).keys.map(key => key.kid)).toEqual([kid, jose.decodeProtectedHeader(old).kid])
    expect(jose.decodeProtectedHeader(await signer.sign(TENANT, {})).kid).not.toBe(kid)
    time += LEAD_MS
    expect(jose.decodeProtectedHeader(await signer.sign(TENANT, {})).kid).toBe(kid)
    await verified(old, await signer.jwks(TENANT))
    time += 30 * 86_400_000
    expect((await signer.jwks(TENANT)).keys.map(key => key.kid)).toEqual([kid])
  })

  test('ES256 where it is asked for: that key stands in the JWKS behind the RSA key from its first use on, on every node', async () => {
    await newTenant(newRing())
    const [one, other] = [newSigner(), newSigner()]
    expect((await other.jwks(TENANT)).keys.map(({ kty }) => kty)).toEqual(['RSA'])
    const token = await one.sign(TENANT, { sub: 'x' }, { typ: 'JWT', algorithm: 'ES256' })
    const jwks = await other.jwks(TENANT)
    expect(jwks.keys.map(({ kty }) => kty)).toEqual(['RSA', 'EC'])
    const keys = jose.createLocalJWKSet(jwks as unknown as jose.JSONWebKeySet)
    const { protectedHeader, payload } = await jose.jwtVerify(token, keys)
    expect(payload).toEqual({ sub: 'x' })
    expect(protectedHeader).toEqual({ alg: 'ES256', typ: 'JWT', kid: jwks.keys[1]?.kid })
    expect(jose.decodeProtectedHeader(await one.sign(TENANT, {}, { algorithm: 'RS256' })).alg).toBe('RS256')
  })

  test('a key in wrong hands is withdrawn at once', async () => {
    await newTenant(newRing())
    const signer = newSigner()
    await signer.sign(TENANT, {})
    const kid = await signer.rotate(TENANT, { withdraw: true })
    expect((await signer.jwks(TENANT)).keys.map(key => key.kid)).toEqual([kid])
    expect(jose.decodeProtectedHeader(await signer.sign(TENANT, {})).kid).toBe(kid)
  })

  test('H1: the private key stands sealed, and moved to another row it is a Fault', async () => {
    await newTenant(newRing())
    await newSigner().jwks(TENANT)
    const [row] = await rowsNow()
    expect(Buffer.from(row?.privateKey ?? []).includes(Buffer.from('2a864886f70d010101', 'hex'))).toBe(false) // rsaEncryption
    const moved = { ...(row as NonNullable<typeof row>), id: 12 }
    await store.write(TENANT, function* () {
      yield [rows.withdrawSigningKeys(TENANT, time), rows.addSigningKey(TENANT, moved)]
    })
    await expect(newSigner().sign(TENANT, {})).rejects.toThrow(Fault)
  })

  test('H3: another tenant has another key', async () => {
    await newTenant(newRing())
    await newTenant(newRing(), TENANT + 1)
    const signer = newSigner()
    const token = await signer.sign(TENANT, {})
    await expect(verified(token, await signer.jwks(TENANT + 1))).rejects.toThrow()
  })
})

test('keys of the store: made once, the same for all nodes; the checkpoint signature verifies as ES256', async () => {
  const needs = { master, store, rows, random, clock }
  const [one, other] = await Promise.all([openStoreKeys(needs), openStoreKeys(needs)])
  const again = await openStoreKeys(needs)
  for (const keys of [other, again]) {
    expect(keys.checkpointKey.publicJwk).toEqual(one.checkpointKey.publicJwk)
    expect(keys.auditMacKey).toEqual(one.auditMacKey)
  }
  expect(one.auditMacKey).toHaveLength(32)
  const { publicJwk } = one.checkpointKey
  expect(publicJwk.kid).toBe(await jose.calculateJwkThumbprint(publicJwk))
  const signed = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.${Buffer.from('head').toString('base64url')}`
  const signature = Buffer.from(one.checkpointKey.sign(Buffer.from(signed))).toString('base64url')
  const { payload } = await jose.compactVerify(`${signed}.${signature}`, await jose.importJWK(publicJwk, 'ES256'))
  expect(Buffer.from(payload).toString()).toBe('head')
  await expect(openStoreKeys({ ...needs, master: masterOf(2) })).rejects.toThrow(Fault)
})
