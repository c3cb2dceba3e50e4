/**
 * The demo world: a tenant with a client, a relying party, users, an administrator, hardware tokens. Made once per home
 * with secrets of its own and written to `demo.json` (mode 0600), from which tests and the pasted lines read. There is
 * no default password anywhere.
 */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Administrator } from '#administration/change.ts'
import type { Office } from '#cli/office.ts'
import { permissionsOf } from '#domain/permission.ts'
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
  readonly tenant: string
  readonly client: DemoClient
  readonly rp: DemoClient
  readonly users: readonly DemoUser[]
  readonly admin: DemoUser
  readonly tokens: readonly DemoToken[]
  /** The newcomer's own token and who holds it. */
  readonly try: DemoToken & { readonly user: string }
}

export interface DemoWorld {
  readonly file: string
  readonly content: DemoFile
  /** Writes down under which address the server is to be found; answers the world with it. */
  settled(port: number): DemoWorld
}

const TENANT = 'demo'
const SLOTS = ['DT_POCK_OT', 'DT_POCK_OE', 'DT_POCK_OA', 'DT_POCK_OC', 'DT_POCK_TD'] as const
const SERIAL = '0900000001'
const TRY_SERIAL = '0900000002'
const HOLDER = 'alice@demo.example'
const operator: Administrator = {
  actor: { kind: 'operator' },
  permissions: permissionsOf(['RL_ORGADMIN']),
  correlation: 'demo',
}

export async function buildDemoWorld(office: Office, settings: Settings): Promise<DemoWorld> {
  const file = join(settings.home, 'demo.json')
  const known = await office.directory.find(TENANT)
  const content = known && existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as DemoFile) : await make(office)
  return world(file, content, settings)
}

function world(file: string, content: DemoFile, settings: Settings): DemoWorld {
  return {
    file,
    content,
    settled(port) {
      const settled = { ...content, base: settings.publicOrigin ?? `http://localhost:${port}` }
      writeFileSync(`${file}.new`, `${JSON.stringify(settled, null, 2)}\n`, { mode: 0o600 })
      renameSync(`${file}.new`, file)
      return world(file, settled, settings)
    },
  }
}

async function make(office: Office): Promise<DemoFile> {
  if (!(await office.directory.find(TENANT))) await office.tenants.create(TENANT)
  const tenant = await office.directory.find(TENANT)
  if (!tenant) throw new Error('the demo tenant that was just made is not there')

  const client = await registered(office, tenant, 'demo client', 'RL_CLIENTIDM2M')
  const rp = await registered(office, tenant, 'demo relying party', 'RL_OPENIDCLIENT')
  const users = [await person(office, tenant, HOLDER, 'Alice'), await person(office, tenant, 'bob@demo.example', 'Bob')]
  const admin = await person(office, tenant, 'admin@demo.example', 'Ada', 'UG_ORGADMIN', 'RL_ORGADMIN')

  const tokens: DemoToken[] = []
  for (const [slot, type] of SLOTS.entries()) tokens.push(await imported(office, tenant, type, SERIAL, slot + 1))
  const own = await imported(office, tenant, 'DT_POCK_OT', TRY_SERIAL, 1)
  await giveToken(office, tenant, own)
  return { base: '', tenant: TENANT, client, rp, users, admin, tokens, try: { ...own, user: HOLDER } }
}

async function registered({ clients }: Office, tenant: Tenant, name: string, role: string): Promise<DemoClient> {
  const { clientId, secret } = await clients.register(tenant, { name, role, scopes: ['openid', 'profile'] })
  return { client_id: clientId, client_secret: secret }
}

async function person(
  { users, authenticators, random }: Office,
  tenant: Tenant,
  name: string,
  givenName: string,
  group = 'UG_ROOT',
  role?: string,
): Promise<DemoUser> {
  const password = `Demo-${Buffer.from(random.bytes(12)).toString('base64url')}-7k`
  const user = await users.create(
    tenant,
    { userName: name, values: new Map([['EXTERNALID', [name]], ['FIRSTNAME', [givenName]]]), group, roles: role ? [role] : [] },
    operator,
  )
  await authenticators.create(tenant, { user: user.id, policy: 'AT_STDPWD', password }, operator)
  return { externalId: name, password }
}

async function imported({ imports, random }: Office, tenant: Tenant, type: string, serial: string, slot: number): Promise<DemoToken> {
  const seed = Buffer.from(random.bytes(20)).toString('hex')
  const content = new TextEncoder().encode(`serial,slot,seed_hex\n${serial},${slot},${seed}\n`)
  const { job } = await imports.run(tenant, { deviceType: type, fileName: 'demo.csv', content }, operator.actor)
  if (job.status !== 'SUCCESS') throw new Error(`the demo token ${serial}-${slot} could not be imported`)
  return { externalId: `${serial}-${slot}`, type, seed }
}

async function giveToken({ users, authenticators, devices }: Office, tenant: Tenant, token: DemoToken): Promise<void> {
  const holder = await users.loadNamed(tenant, HOLDER)
  await authenticators.create(tenant, { user: holder.id, policy: 'AT_OTP' }, operator)
  await devices.assign(tenant, token.externalId, token.type, holder.id, operator)
}
