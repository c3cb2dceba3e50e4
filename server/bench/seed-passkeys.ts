/**
 * Passkeys for the bench, written as the server writes them: the first users get one each, beside their token. A client signs them in, by a
 * workflow whose first factor is the passkey. The private half, one for all, goes into a file for the load process.
 */
import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { workflowKind } from '#administration/workflow-kind.ts'
import { type Composition, compose } from '#compose.ts'
import { permissionsOf } from '#domain/permission.ts'
import type { Query } from '#domain/ports/store.ts'
import { type Ground, openGround } from '#ground.ts'
import type { Settings } from '#settings/read.ts'
import { authenticatorQueries } from '#storage/authenticator.ts'
import { count } from '#storage/counter.ts'
import { deviceQueries } from '#storage/device.ts'
import { NamedIdBlocks } from '#storage/named-ids.ts'
import { passkeyQueries } from '#storage/passkey.ts'
import { benchUser } from './bench-users.ts'
import { TENANT } from './our-server.ts'
import { PASSKEY_POLICY, passkeyId } from './passkey-cycle.ts'
import { REDIRECT } from './sign-in-cycle.ts'

export const PASSKEY_FILE = 'passkeys.json'

export interface PasskeyFile {
  readonly clientId: string
  readonly secret: string
  readonly privateKey: string
}

const WORKFLOW = 'ID_BENCH_FIDO'
const AT_ONCE = 10
const operator = {
  actor: { kind: 'operator' },
  permissions: permissionsOf(['RL_ORGADMIN']),
  correlation: 'bench',
} as const

export async function seedPasskeys(
  settings: Settings,
  { tenant, base, holders }: { readonly tenant: number; readonly base: number; readonly holders: number },
): Promise<void> {
  const ground = await openGround(settings, silent)
  try {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const composition = await compose(settings, ground, silent, [])
    const client = await clientOf(composition)
    await givePasskeys(ground, tenant, base, holders, coseKey(publicKey))
    const text = privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64')
    const file: PasskeyFile = { ...client, privateKey: text }
    writeFileSync(join(settings.home, PASSKEY_FILE), JSON.stringify(file), { mode: 0o600 })
    await composition.settle()
  } finally {
    await ground.close()
  }
}

async function clientOf({ office }: Composition): Promise<{ readonly clientId: string; readonly secret: string }> {
  const { directory, documents, clients } = office
  const found = await directory.find(TENANT)
  if (!found) throw new Error('there is no demo tenant')
  const hash = createHash('sha256').update(JSON.stringify(payload)).digest('hex')
  await documents.create(found, workflowKind, () => ({ code: WORKFLOW, payload, hash }), operator)
  const wanted = { name: 'bench shop with passkeys', role: 'RL_OPENIDCLIENT', scopes: ['openid'] }
  const { clientId, secret } = await clients.register(await directory.reload(found), wanted)
  const tenant = await directory.reload(found)
  const { document } = await clients.load(tenant, clientId)
  const grantTypes = ['client_credentials', 'authorization_code']
  const more = { grantTypes, idTokenAlgorithm: 'ES256', redirectUris: [REDIRECT], workflowId: WORKFLOW } as const
  await clients.update(tenant, clientId, { ...document, ...more }, operator)
  return { clientId, secret }
}

async function givePasskeys(
  { store, keyRing }: Ground,
  tenant: number,
  base: number,
  holders: number,
  publicKey: string,
): Promise<void> {
  const sealer = await keyRing.loadSealer(tenant)
  const ids = new NamedIdBlocks(store)
  const at = Date.now()
  for (let from = 1; from <= holders; from += AT_ONCE) {
    const queries: Query[] = []
    for (let n = from; n < from + AT_ONCE && n <= holders; n++) {
      const [device = 0, credential = 0] = await ids.next(tenant, 2)
      const user = base + n
      const record = { ...RECORD, credentialId: passkeyId(n), publicKey }
      const secret = sealer.seal(
        { table: 'credential', column: 'secret', row: String(credential) },
        Buffer.from(JSON.stringify(record)),
      )
      const dates = { startAt_ms: at, expiryAt_ms: null, createdAt_ms: at, version: 1 }
      const externalId = createHash('sha256')
        .update(Buffer.from(passkeyId(n), 'base64url'))
        .digest('hex')
      queries.push(
        deviceQueries.addDevice(tenant, {
          ...{ ...dates, id: device, externalId: `${benchUser(n)}-fido`, type: 'DT_FIDO', owner: user },
          ...{ friendlyName: null, status: 'ACTIVE' },
        }),
        ...passkeyQueries.addPasskey(tenant, {
          ...{ credential, device, user, externalId, secret, at, type: 'CT_FIDOU2F', counter: 0, backedUp: false },
          handle: createHash('sha256').update(`bench handle ${n}`).digest(),
        }),
        authenticatorQueries.addAuthenticator(tenant, { ...dates, user, policy: PASSKEY_POLICY, status: 'ENABLED' }),
        authenticatorQueries.addState(tenant, user, PASSKEY_POLICY),
        ...(['device', 'credential', 'authenticator'] as const).map(noun => count(tenant, noun, 1)),
      )
    }
    await store.write(tenant, function* () {
      yield queries
    })
  }
}

const RECORD = {
  ...{ counter: 0, transports: ['usb'], aaguid: '00000000-0000-0000-0000-000000000000', model: null },
  ...{ backupEligible: false, backedUp: false, discoverable: null },
  attestation: { format: 'none', trusted: false },
}

/** COSE_Key of P-256 (RFC 9053 section 7.1.1), base64url. */
export function coseKey(key: KeyObject): string {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const point = (label: number, text: string) =>
    Buffer.concat([Buffer.from([label, 0x58, 0x20]), Buffer.from(text, 'base64url')])
  const head = Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01])
  return Buffer.concat([head, point(0x21, x), point(0x22, y)]).toString('base64url')
}

const criteria = { firstFactorsFiltering: true, secondFactorsFiltering: true, acrFiltering: true }
const all = { accessCriteriaId: 'all' }
const fido = { ...all, factorId: 'passkey', code: PASSKEY_POLICY, class: 'FIDO', acr: 'high', step_up: 'notRequired' }
const payload = {
  accessCriteria: [{ ...all, authenticators: criteria }],
  firstFactors: [{ ...fido, userVerification: 'required', retry: 3 }],
}

const silent = { info() {}, warn() {}, error() {} }
