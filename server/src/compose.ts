/**
 * Puts the rooms together: corridors over the ground, doors over the corridors, the carrier over the doors. The only
 * file that knows every room; what a room needs is handed in here and nowhere else.
 */
import { createHmac } from 'node:crypto'
import { Authenticators } from '#administration/authenticators.ts'
import { ClientRegistry } from '#administration/clients.ts'
import { Credentials } from '#administration/credentials.ts'
import type { TwoCodes } from '#administration/device-needs.ts'
import { Devices } from '#administration/devices.ts'
import { erasePerson } from '#administration/erase-person.ts'
import { sweepExpired } from '#administration/expiry-sweep.ts'
import { DeviceImport } from '#administration/import/device-import.ts'
import { TenantArchive } from '#administration/tenant-archive.ts'
import { TenantDirectory } from '#administration/tenant-directory.ts'
import { TenantErasure } from '#administration/tenant-erasure.ts'
import { Tenants } from '#administration/tenants.ts'
import { Users } from '#administration/users.ts'
import { exportAudit } from '#audit/audit-export.ts'
import { storeReader } from '#audit/store-reader.ts'
import { Authentication } from '#authentication/authenticate.ts'
import { Budgets } from '#authentication/budgets.ts'
import { Callers } from '#authentication/callers.ts'
import { Challenges } from '#authentication/challenges.ts'
import { Clients } from '#authentication/clients.ts'
import { SprayWatch } from '#authentication/spray-watch.ts'
import { Synchronisation } from '#authentication/synchronisation.ts'
import { Throttle } from '#authentication/throttle.ts'
import type { Office } from '#cli/office.ts'
import { configurationEndpoints } from '#configuration/endpoints.ts'
import { stock } from '#configuration/seed/stock.ts'
import { permissionsOf } from '#domain/permission.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Ground, type GroundLog, openGround } from '#ground.ts'
import { docsDoor } from '#http/docs.ts'
import type { Door } from '#http/door.ts'
import type { Caller } from '#http/endpoint.ts'
import { observeDoor, processRegistry } from '#http/observe.ts'
import { type Carrier, carrier } from '#http/server.ts'
import { Traffic } from '#http/traffic.ts'
import { openLog } from '#jobs/log.ts'
import { openHasher } from '#keys/hasher.ts'
import { machineSecret } from '#keys/machine-secret.ts'
import { openidDialect } from '#openid/dialect.ts'
import { openidEndpoints } from '#openid/endpoints.ts'
import { scimDialect } from '#scim/dialect.ts'
import { scimEndpoints } from '#scim/endpoints.ts'
import type { Settings } from '#settings/read.ts'
import { auditLog } from '#storage/audit.ts'
import { authenticatorQueries } from '#storage/authenticator.ts'
import { budgetQueries } from '#storage/budget.ts'
import { clientQueries } from '#storage/client.ts'
import { count } from '#storage/counter.ts'
import { credentialQueries } from '#storage/credential.ts'
import { deviceQueries } from '#storage/device.ts'
import { importQueries } from '#storage/device-import.ts'
import { expiryQueries } from '#storage/expiry.ts'
import { searchSql } from '#storage/filter-sql.ts'
import { NamedIdBlocks } from '#storage/named-ids.ts'
import { proofQueries } from '#storage/proof.ts'
import { sessionQueries } from '#storage/session.ts'
import { tenantQueries } from '#storage/tenant.ts'
import { tenantRows } from '#storage/tenant-rows.ts'
import { userQueries } from '#storage/user.ts'

export interface Composition {
  readonly office: Office
  readonly carrier: Carrier
  /** Writes down what is still only in memory; after the last request, before the ground is closed. */
  settle(): Promise<void>
}

export async function compose(
  settings: Settings,
  ground: Ground,
  log: GroundLog,
  pages: readonly Door[],
): Promise<Composition> {
  const { random, jobs } = ground
  const rooms = await corridors(settings, ground, log)
  const { callers, office } = rooms
  const traffic = new Traffic()
  const served = [...apiDoors(rooms, ground), ...pages]
  const registry = processRegistry()
  const token = settings.metricsToken?.reveal()
  const observe = observeDoor({
    ready: () => ground.readiness(),
    metrics: token === undefined ? {} : { token },
    registry,
    traffic,
  })
  jobs.add({
    name: 'expiry-sweep',
    interval_ms: 600_000,
    run: signal =>
      sweepExpired({ store: ground.store, clock: ground.clock, tenants: tenantQueries, rows: expiryQueries }, signal),
  })
  jobs.add({ name: 'last-use', interval_ms: 1000, run: () => callers.writeLastUses() })
  return {
    office,
    carrier: carrier<Tenant>({
      doors: [...served, observe, docsDoor([...served, observe], 'Countersign', '1')],
      tenants: office.directory,
      identify: (tenant, bearer) => identify(callers, tenant, bearer),
      log,
      random,
      origin: settings.publicOrigin ?? (port => `http://localhost:${port}`),
      trustedProxies: settings.trustedProxies.map(({ address, bits }) => `${address}/${bits}`),
      traffic,
      drain_ms: settings.drain_seconds * 1000,
    }),
    async settle() {
      await office.imports.idle()
      await callers.writeLastUses()
    },
  }
}

/** For a command that works on the store while no server runs. */
export async function openOffice(settings: Settings): Promise<{ office: Office; close(): Promise<void> }> {
  const log = openLog(settings.logLevel === 'info' ? 'warn' : settings.logLevel)
  const ground = await openGround(settings, log)
  const { office } = await corridors(settings, ground, log)
  return {
    office,
    async close() {
      await office.imports.idle()
      await ground.close()
    },
  }
}

type Rooms = Awaited<ReturnType<typeof corridors>>

async function corridors(settings: Settings, ground: Ground, log: GroundLog) {
  const { store, clock, random, happenings, recorder, keyRing } = ground
  const directory = new TenantDirectory({
    store,
    tenants: tenantQueries,
    clock,
    stock,
    loadSealer: tenant => keyRing.loadSealer(tenant),
  })
  const shared = {
    store,
    clock,
    random,
    happenings,
    recorder,
    proofs: proofQueries,
    sessions: sessionQueries,
    clients: clientQueries,
    hasher: await openHasher({ waiting: settings.hashQueue }),
    reload: (tenant: Tenant) => directory.reload(tenant),
  }
  const proving = { ...shared, handles: ground.handleKeys.handles, hmac }
  const budgets = new Budgets({ store, rows: budgetQueries, clock })
  const watch = new SprayWatch({ budgets, store, recorder, now: () => clock.now() })
  const clients = new Clients({
    ...proving,
    watch,
    throttle: new Throttle(clock),
    secretFits: (proof, secret) => machineSecret.matches(proof ?? undefined, secret),
  })
  const ids = new NamedIdBlocks(store)
  const synchronisation = new Synchronisation(proving)
  const administering = {
    ...shared,
    synchronise: (tenant: Tenant, request: TwoCodes) => synchronisation.find(tenant, request),
    ids,
    users: userQueries,
    authenticators: authenticatorQueries,
    devices: deviceQueries,
    credentials: credentialQueries,
    search: searchSql,
    count,
  }
  const imports = new DeviceImport({
    store,
    clock,
    recorder,
    queries: importQueries,
    ids,
    tellFault: error => log.error({ err: error }, 'an import broke'),
  })
  const tenants = new Tenants({
    store,
    tenants: tenantQueries,
    clock,
    recorder,
    mintKeys: n => keyRing.mint(n).queries,
  })
  const erasure = new TenantErasure({
    ...{ store, recorder, directory: tenantQueries, rows: tenantRows },
    forgetKeys: tenant => keyRing.forget(tenant),
  })
  const office: Office = {
    directory,
    tenants,
    clients: new ClientRegistry({ ...administering, makeSecret: () => machineSecret.make(random) }),
    users: new Users(administering),
    authenticators: new Authenticators(administering),
    devices: new Devices(administering),
    credentials: new Credentials(administering),
    imports,
    random,
    archive: new TenantArchive({
      ...{ store, clock, random, recorder, tenants, erasure },
      rows: tenantRows,
      directory: tenantQueries,
      loadSealer: tenant => keyRing.loadSealer(tenant),
      auditLines: tenant => exportAudit(storeReader(store, auditLog), tenant),
    }),
    erasure,
    foundations: { settings, ...ground },
    erasePerson: (tenant, user) =>
      erasePerson({ ...administering, erasePersonal: auditLog.erasePerson }, tenant, user, {
        actor: { kind: 'operator' },
        permissions: new Set(),
        correlation: 'cli',
      }),
  }
  return {
    office,
    clients,
    callers: new Callers(proving),
    authentication: new Authentication(proving, watch),
    challenges: new Challenges(proving),
  }
}

function apiDoors({ office, clients, callers, authentication, challenges }: Rooms, ground: Ground): readonly Door[] {
  const scim = {
    dialect: scimDialect,
    trailingSlash: true,
    jsonType: 'application/scim+json;charset=utf-8',
    mismatch: 'invalid_value',
  } as const
  return [
    {
      name: 'openid',
      endpoints: openidEndpoints,
      needs: { clients, callers, authentication, signer: ground.signingKeys, clock: ground.clock },
      dialect: openidDialect,
      prefixes: ['/{tenant}/authn/'],
      alsoUnder: '/idp',
    },
    {
      name: 'scim',
      endpoints: scimEndpoints,
      needs: { ...office, challenges, clock: ground.clock },
      prefixes: ['/scim/'],
      anyCase: '/scim',
      ...scim,
    },
    { name: 'configuration', endpoints: configurationEndpoints, needs: {}, prefixes: ['/configuration/'], ...scim },
  ]
}

const hashNames = { SHA1: 'sha1', SHA256: 'sha256', SHA512: 'sha512' } as const

const hmac = (algorithm: keyof typeof hashNames, key: Uint8Array, data: Uint8Array): Uint8Array =>
  createHmac(hashNames[algorithm], key).update(data).digest()

async function identify(callers: Callers, tenant: Tenant, token: string): Promise<Caller | undefined> {
  const bearer = await callers.find(tenant, token)
  if (!bearer) return undefined
  const { kind, user, client, session, roles } = bearer
  return { kind, user, client, session, roles, permissions: permissionsOf(roles) }
}
