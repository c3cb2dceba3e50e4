/**
 * Phones for the bench: users with an authenticator for push, an app with its keys, and clients that may ask them, written as the server
 * writes them. The private halves go into a file for the load process. Surprise: phones share RSA keys, sixteen each, because
 * making one takes a tenth of a second; keys of ES256 and keys for calls are each phone's own.
 */
import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Composition, compose } from '#compose.ts'
import { type Query, rowsOf, WHOLE_STORE } from '#domain/ports/store.ts'
import { type Ground, openGround } from '#ground.ts'
import type { Settings } from '#settings/read.ts'
import { appQueries } from '#storage/app.ts'
import { authenticatorQueries } from '#storage/authenticator.ts'
import { count } from '#storage/counter.ts'
import { keyQueries } from '#storage/keys.ts'
import { NamedIdBlocks } from '#storage/named-ids.ts'
import { sql } from '#storage/sql.ts'
import type { PhonesFile } from './approval-cycle.ts'
import { benchUser } from './bench-users.ts'
import { TENANT } from './our-server.ts'

export type PhoneAlgorithm = 'RS512' | 'ES256'
export const phoneAlgorithms: readonly PhoneAlgorithm[] = ['RS512', 'ES256']
export const fileOf = (algorithm: PhoneAlgorithm) => `phones-${algorithm}.json`

/** So many that nobody is asked twelve times in a minute, and no client asks 6,000 times. */
export const PHONES = 3200
const CLIENTS = 20
const RSA_KEYS = PHONES / 16
const AT_ONCE = 10

const types = {
  RS512: { device: 'DT_TDSV4', logon: 'CT_PASAV4', action: 'CT_TDSV4' },
  ES256: { device: 'DT_TDSV4E', logon: 'CT_PASAV4E', action: 'CT_TDSV4E' },
} as const

export interface PhoneSeeding {
  readonly tenant: number
  /** Id of the user before the first who gets a phone, and his place among the bench users. */
  readonly base: number
  readonly skip: number
}

export async function seedPhones(settings: Settings, seeding: PhoneSeeding): Promise<void> {
  const ground = await openGround(settings, silent)
  try {
    const handleKey = await handleKeyOf(ground)
    const composition = await compose(settings, ground, silent, [])
    for (const [n, algorithm] of phoneAlgorithms.entries()) {
      const clients = await clientsOf(composition, algorithm)
      const keys = algorithm === 'RS512' ? rsaKeys() : Array.from({ length: PHONES }, () => newEcKey())
      const phones = await phonesOf(ground, algorithm, keys, { ...seeding, skip: seeding.skip + n * PHONES })
      const logonKeys = keys.map(textOf)
      const file: PhonesFile = { tenant: TENANT, algorithm, handleKey, clients, logonKeys, phones }
      writeFileSync(join(settings.home, fileOf(algorithm)), JSON.stringify(file), { mode: 0o600 })
    }
    await composition.settle()
  } finally {
    await ground.close()
  }
}

const newEcKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const madeRsaKeys: KeyObject[] = []

/** The same for both engines. */
function rsaKeys(): readonly KeyObject[] {
  while (madeRsaKeys.length < RSA_KEYS) {
    madeRsaKeys.push(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey)
  }
  return madeRsaKeys
}

const textOf = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' }).toString('base64')

async function handleKeyOf({ store, master, epoch }: Ground): Promise<PhonesFile['handleKey']> {
  const [row] = await store.read(WHOLE_STORE, () => rowsOf(keyQueries.handleKeys(epoch)))
  if (!row) throw new Error('the server has made no key for handles yet')
  const bytes = master.unwrap(['handle_key', epoch, row.keyNumber], row.wrapped)
  return { number: row.keyNumber, bytes: Buffer.from(bytes).toString('base64') }
}

async function clientsOf({ office }: Composition, algorithm: PhoneAlgorithm): Promise<PhonesFile['clients']> {
  const tenant = await office.directory.find(TENANT)
  if (!tenant) throw new Error('there is no demo tenant')
  const idTokenAlgorithm = algorithm === 'ES256' ? 'ES256' : 'RS256'
  const made: { clientId: string; secret: string }[] = []
  for (let n = 1; n <= CLIENTS; n++) {
    const name = `bench bank ${algorithm} ${n}`
    const wanted = { name, role: 'RL_CLIENTIDM2M', scopes: ['openid', 'hid-tx-sign'], idTokenAlgorithm } as const
    const { clientId, secret } = await office.clients.register(await office.directory.reload(tenant), wanted)
    made.push({ clientId, secret })
  }
  return made
}

async function phonesOf(
  { store, keyRing }: Ground,
  algorithm: PhoneAlgorithm,
  keys: readonly KeyObject[],
  { tenant, base, skip }: PhoneSeeding,
): Promise<PhonesFile['phones']> {
  const sealer = await keyRing.loadSealer(tenant)
  const ids = new NamedIdBlocks(store)
  const phones: PhonesFile['phones'][number][] = []
  while (phones.length < PHONES) {
    const queries: Query[] = []
    for (let at = 0; at < AT_ONCE; at++) {
      const n = skip + phones.length + 1
      const logon = phones.length % keys.length
      const [device, transport, logonId, actionId] = (await ids.next(tenant, 4)) as [number, number, number, number]
      const request = newEcKey()
      const rows = { tenant, user: base + n, name: benchUser(n), device, transport, logon: logonId, action: actionId }
      const transportKeys = Buffer.from(JSON.stringify({ request: publicJwk(request), sealing: publicJwk(newEcKey()) }))
      const seal = (id: number, plain: Uint8Array) =>
        sealer.seal({ table: 'credential', column: 'secret', row: String(id) }, plain)
      const signing = createPublicKey(keys[logon] as KeyObject).export({ format: 'der', type: 'spki' })
      queries.push(
        ...phoneRows(algorithm, rows, {
          transport: seal(transport, transportKeys),
          logon: seal(logonId, signing),
          action: seal(actionId, signing),
        }),
      )
      phones.push({ user: benchUser(n), device, request: textOf(request), logon })
    }
    await store.write(tenant, function* () {
      yield queries
    })
  }
  return phones
}

function publicJwk(key: KeyObject) {
  const { x = '', y = '' } = createPublicKey(key).export({ format: 'jwk' })
  return { kty: 'EC', crv: 'P-256', x, y }
}

interface PhoneIds {
  readonly tenant: number
  readonly user: number
  readonly name: string
  readonly device: number
  readonly transport: number
  readonly logon: number
  readonly action: number
}

function phoneRows(
  algorithm: PhoneAlgorithm,
  { tenant, user, name, device, transport, logon, action }: PhoneIds,
  sealed: { readonly transport: Uint8Array; readonly logon: Uint8Array; readonly action: Uint8Array },
): readonly Query[] {
  const now = Date.now()
  const type = types[algorithm]
  const externalId = `phone of ${name}`
  const authenticator = {
    user,
    policy: 'AT_PASA',
    status: 'ENABLED',
    startAt_ms: now,
    createdAt_ms: now,
    version: 1,
  } as const
  const key = (id: number, code: string, secret: Uint8Array) =>
    appQueries.addCredential(tenant, {
      ...{ id, device, externalId: `${device}.${code}`, type: code, secret },
      ...{ startAt: now, expiryAt: now + 86_400_000 },
    })
  return [
    sql`insert into device (tenant_number, id, external_id, external_id_key, type, owner_id, status, start_at, created_at, version)
      values (${tenant}, ${device}, ${externalId}, ${externalId}, ${type.device}, ${user}, ${'ACTIVE'}, ${now}, ${now}, 1)`,
    ...key(transport, 'CT_SMK4', sealed.transport),
    ...key(logon, type.logon, sealed.logon),
    ...key(action, type.action, sealed.action),
    ...appQueries.addApp(tenant, {
      ...{ device, transport, logon, action, keyProtection: 'hardware', platform: 'bench', provision: 0 },
      ...{ evidence: '', confirmCode: null, at: now },
    }),
    authenticatorQueries.addAuthenticator(tenant, { ...authenticator, expiryAt_ms: null }),
    authenticatorQueries.addState(tenant, user, 'AT_PASA'),
    count(tenant, 'device', 1),
    count(tenant, 'credential', 3),
    count(tenant, 'authenticator', 1),
  ]
}

const silent = { info() {}, warn() {}, error() {} }
