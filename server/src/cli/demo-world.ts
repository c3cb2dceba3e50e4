/**
 * The demo world: a tenant with clients (one is a relying party, one the example bank), users, an administrator, tokens. Made once
 * per home with secrets of its own and written to `demo.json` (mode 0600), from which tests and the pasted lines read. There
 * is no default password anywhere.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { callbackRulesKind } from '#administration/callback-rules-kind.ts'
import type { Administrator } from '#administration/change.ts'
import type { NewClient } from '#administration/clients.ts'
import type { SignIns } from '#cli/demo-samples.ts'
import type { Office } from '#cli/office.ts'
import type { CallbackRules } from '#domain/callback-rules.ts'
import type { Configuration } from '#domain/configuration.ts'
import { oathSettingsOf } from '#domain/credential-type.ts'
import type { DeviceId, UserId } from '#domain/ids.ts'
import { permissionsOf } from '#domain/permission.ts'
import type { Random } from '#domain/ports/random.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Settings } from '#settings/read.ts'

interface DemoUser {
  readonly externalId: string
  readonly password: string
}

interface DemoToken {
  readonly externalId: string
  readonly type: string
  readonly seed: string
}

interface DemoClient {
  readonly client_id: string
  readonly client_secret: string
}

/** `demo.json` as tools and tests read it. */
export interface DemoFile {
  readonly base: string
  /** Where the approve app and the example bank are, while they run. */
  readonly approve?: string
  readonly bank?: string
  readonly tenant: string
  readonly client: DemoClient
  readonly rp: DemoClient
  readonly bank_client: DemoClient
  readonly users: readonly DemoUser[]
  readonly admin: DemoUser
  readonly tokens: readonly DemoToken[]
  /** The newcomer's own token and who holds it. */
  readonly try: DemoToken & { readonly user: string }
  /** Where people sign in, and who. */
  readonly sign_ins?: SignIns
}

export interface DemoWorld {
  readonly file: string
  readonly content: DemoFile
  /** Writes down under which addresses the server and what runs beside it are to be found; answers the world with them. */
  settled(port: number, beside?: Neighbours): DemoWorld
  /** With people who sign in; written down by `settled`. */
  adding(signIns: SignIns): DemoWorld
}

export type Neighbours = Pick<DemoFile, 'approve' | 'bank'>

const TENANT = 'demo'
const scopes = ['openid', 'profile', 'hid-tx-sign']
const SLOTS = ['DT_POCK_OT', 'DT_POCK_OE', 'DT_POCK_OA', 'DT_POCK_OC', 'DT_POCK_TD'] as const
const SERIAL = '0900000001'
const TRY_SERIAL = '0900000002'
/** 2036-01-01T00:00:00Z: tokens of the demo outlive it. */
const EXPIRY_MS = 2_082_758_400_000
export const BANK = 'Kestrel Bank'
const HOLDER = 'alice@demo.example'
export const operator: Administrator = {
  actor: { kind: 'operator' },
  permissions: permissionsOf(['RL_ORGADMIN']),
  correlation: 'demo',
}

export async function buildDemoWorld(office: Office, settings: Settings): Promise<DemoWorld> {
  const file = join(settings.home, 'demo.json')
  const known = await office.directory.find(TENANT)
  if (known && !existsSync(file)) {
    throw new Refusal(
      'invalid_request',
      `The demo tenant is there, but ${file} is not. Remove ${settings.home} and start again.`,
    )
  }
  const content = known ? await remembered(office, known, file) : await make(office)
  return world(file, content, settings)
}

/** A world that was made before there was a bank gets it now. */
async function remembered(office: Office, tenant: Tenant, file: string): Promise<DemoFile> {
  const content = JSON.parse(readFileSync(file, 'utf8')) as DemoFile
  return { ...content, bank_client: content.bank_client ?? (await bankClient(office, tenant)) }
}

function world(file: string, content: DemoFile, settings: Settings): DemoWorld {
  return {
    file,
    content,
    adding: sign_ins => world(file, { ...content, sign_ins }, settings),
    settled(port, beside = {}) {
      const { approve, bank, ...lasting } = content
      const settled = { ...lasting, ...beside, base: settings.publicOrigin ?? `http://localhost:${port}` }
      writeFileSync(`${file}.new`, `${JSON.stringify(settled, null, 2)}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
      return world(file, settled, settings)
    },
  }
}

async function make(office: Office): Promise<DemoFile> {
  await office.tenants.create(TENANT)
  const bare = await office.directory.find(TENANT)
  if (!bare) throw new Fault('the demo tenant that was just made is not there')
  await office.documents.update(bare, callbackRulesKind, { code: 'CALLBACKS' }, onThisMachine, operator)
  const tenant = await office.directory.reload(bare)

  const client = await registered(office, tenant, {
    name: 'demo client',
    role: 'RL_CLIENTIDM2M',
    scopes,
    ...{ userlessSilent: true, dcs: true, dcsFreeText: true },
  })
  const rp = await registered(office, tenant, {
    name: 'demo relying party',
    role: 'RL_OPENIDCLIENT',
    scopes,
    numberMatching: true,
  })
  const bank = await bankClient(office, tenant)
  const alice = await person(office, tenant, HOLDER, 'Alice')
  const bob = await person(office, tenant, 'bob@demo.example', 'Bob')
  const admin = await person(office, tenant, 'admin@demo.example', 'Ada', 'UG_ORGADMIN', 'RL_ORGADMIN')

  const tokens: DemoToken[] = []
  for (const [slot, type] of SLOTS.entries())
    tokens.push((await imported(office, tenant, type, SERIAL, slot + 1)).token)
  const own = await imported(office, tenant, 'DT_POCK_OT', TRY_SERIAL, 1)
  await office.authenticators.create(tenant, { user: alice.id, policy: 'AT_OTP' }, operator)
  await office.devices.update(tenant, { id: own.device }, { owner: { by: 'id', id: alice.id } }, operator)
  const users = [alice.login, bob.login]
  return {
    base: '',
    tenant: TENANT,
    client,
    rp,
    bank_client: bank,
    users,
    admin: admin.login,
    tokens,
    try: { ...own.token, user: HOLDER },
  }
}

/** An application that is tried out listens on this machine. */
const onThisMachine = (rules: CallbackRules): CallbackRules => ({
  ...rules,
  allowedRanges: ['127.0.0.0/8', '::1/128'],
  unregisteredLoopback: true,
})

const bankClient = (office: Office, tenant: Tenant) =>
  registered(office, tenant, {
    name: BANK,
    role: 'RL_CLIENTIDM2M',
    scopes,
    ...{ authMethod: 'client_secret_post', delivery: 'poll', numberMatching: true },
  })

export async function registered({ clients }: Office, tenant: Tenant, client: NewClient): Promise<DemoClient> {
  const { clientId, secret } = await clients.register(tenant, client)
  return { client_id: clientId, client_secret: secret }
}

async function person(
  { users, authenticators, random }: Office,
  tenant: Tenant,
  name: string,
  givenName: string,
  group = 'UG_ROOT',
  role?: string,
): Promise<{ readonly id: UserId; readonly login: DemoUser }> {
  const password = newPassword(random)
  const user = await users.create(
    tenant,
    {
      userName: name,
      values: new Map([
        ['EXTERNALID', [name]],
        ['FIRSTNAME', [givenName]],
      ]),
      group,
      roles: role ? [role] : [],
    },
    operator,
  )
  await authenticators.create(tenant, { user: user.id, policy: 'AT_STDPWD', password }, operator)
  return { id: user.id, login: { externalId: name, password } }
}

/** One token of a device type as a CSV file, with the algorithm that its type has by default. */
export function tokenFile(
  configuration: Configuration,
  type: string,
  token: { readonly serial: string; readonly slot: number; readonly seed: string },
): Uint8Array {
  const code = configuration.findDeviceType(type)?.defaultCredentialType ?? ''
  const settings = oathSettingsOf(configuration.findCredentialType(code))
  if (!settings) throw new Fault(`the device type ${type} has no usable credential type`)
  const { algorithm, digits, suite = '' } = settings
  const row = [token.serial, token.slot, algorithm, token.seed, digits, suite].join(',')
  return new TextEncoder().encode(`serial,slot,algorithm,seed_hex,digits,suite\n${row}\n`)
}

/** 80 random bits in letters of which no two are neighbours, so that it is no sequence, no word and no part of a name. */
export function newPassword(random: Random): string {
  const letters = 'bdfhjmqtvxzBDFHJMQTVXZ'
  return `${Array.from(random.bytes(18), byte => letters[byte % letters.length]).join('')}-7`
}

export async function imported(
  { imports, random }: Office,
  tenant: Tenant,
  type: string,
  serial: string,
  slot: number,
): Promise<{ readonly device: DeviceId; readonly token: DemoToken }> {
  const seed = Buffer.from(random.bytes(20)).toString('hex')
  const content = tokenFile(tenant.configuration, type, { serial, slot, seed })
  const request = { deviceType: type, fileName: 'demo.csv', content, expiryAt_ms: EXPIRY_MS }
  const { job, devices } = await imports.run(tenant, request, operator.actor)
  const [device] = devices
  if (job.status !== 'SUCCESS' || device === undefined)
    throw new Fault(`the demo token ${serial}-${slot} was not imported`)
  return { device, token: { externalId: `${serial}-${slot}`, type, seed } }
}
