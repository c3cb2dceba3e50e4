/**
 * Puts the rooms together: the corridors (see `corridors.ts`) behind doors, the doors behind the carrier, the jobs. What a
 * door needs is handed in here and nowhere else.
 */
import { accountDialect } from '#account/dialect.ts'
import { accountEndpoints } from '#account/endpoints.ts'
import { readAccountApp } from '#account/page.ts'
import { sweepExpired } from '#administration/expiry-sweep.ts'
import { approveDialect } from '#approve/dialect.ts'
import { approveEndpoints } from '#approve/endpoints.ts'
import type { Office } from '#cli/office.ts'
import { configurationEndpoints } from '#configuration/endpoints.ts'
import { type Corridors, openCorridors } from '#corridors.ts'
import type { InboxDoorway } from '#domain/parcel.ts'
import type { Tenant } from '#domain/tenant.ts'
import { type Ground, type GroundLog, openGround } from '#ground.ts'
import { docsDoor } from '#http/docs.ts'
import type { Door } from '#http/door.ts'
import { observeDoor, processFigures } from '#http/observe.ts'
import { type Carrier, carrier } from '#http/server.ts'
import { Traffic } from '#http/traffic.ts'
import { openLog } from '#jobs/log.ts'
import { openidDialect } from '#openid/dialect.ts'
import { openidEndpoints } from '#openid/endpoints.ts'
import { readPortalFiles } from '#openid/portal-files.ts'
import { scimDialect } from '#scim/dialect.ts'
import { scimEndpoints } from '#scim/endpoints.ts'
import type { Settings } from '#settings/read.ts'
import { approvalQueries } from '#storage/approval.ts'
import { expiryQueries } from '#storage/expiry.ts'
import { loginQueries } from '#storage/login.ts'
import { oobQueries } from '#storage/oob.ts'
import { outboxQueries } from '#storage/outbox.ts'
import { tenantQueries } from '#storage/tenant.ts'

export interface Composition {
  readonly office: Office
  readonly carrier: Carrier
  /** Writes down what is still only in memory; after the last request, before the ground is closed. */
  settle(): Promise<void>
}

const SWEPT = {
  tenants: tenantQueries,
  rows: expiryQueries,
  approvals: approvalQueries,
  logins: loginQueries,
  oob: oobQueries,
  outbox: outboxQueries,
}

export async function compose(
  settings: Settings,
  ground: Ground,
  log: GroundLog,
  pages: readonly Door[],
  approveOrigin: () => string | undefined = () => settings.approveOrigin,
  inbox?: InboxDoorway,
): Promise<Composition> {
  const { random, jobs } = ground
  const here = { origin: settings.publicOrigin ?? '' }
  const rooms = await openCorridors(settings, ground, log, () => here.origin, inbox)
  const { callers, office, approving } = rooms
  const traffic = new Traffic()
  const served = [
    ...apiDoors(rooms, ground),
    approveDoor(rooms, ground, approveOrigin),
    accountDoor(rooms, approveOrigin),
    ...pages,
  ]
  const token = settings.metricsToken?.reveal()
  const observe = observeDoor({
    ready: () => ground.readiness(),
    metrics: token === undefined ? {} : { token },
    figures: processFigures(),
    traffic,
  })
  jobs.add({
    name: 'expiry-sweep',
    interval_ms: 600_000,
    run: signal => sweepExpired({ ...ground, ...SWEPT }, signal),
  })
  jobs.add({ name: 'outbox', interval_ms: 1000, run: () => approving.worker.tick() })
  jobs.add({ name: 'live', interval_ms: 1000, run: () => approving.live.look() })
  jobs.add({ name: 'last-use', interval_ms: 1000, run: () => callers.writeLastUses() })
  return {
    office,
    carrier: carrier<Tenant>({
      doors: [...served, observe, docsDoor([...served, observe], 'Countersign', '1')],
      tenants: office.directory,
      identify: (tenant, bearer) => callers.find(tenant, bearer),
      log,
      random,
      origin(port) {
        if (here.origin === '') here.origin = `http://localhost:${port}`
        return here.origin
      },
      onDrain: () => approving.live.close(),
      trustedProxies: settings.trustedProxies.map(({ address, bits }) => `${address}/${bits}`),
      traffic,
      drain_ms: settings.drain_seconds * 1000,
    }),
    async settle() {
      await office.imports.idle()
      await approving.worker.stop()
      await callers.writeLastUses()
    },
  }
}

/** For a command that works on the store while no server runs. */
export async function openOffice(settings: Settings): Promise<{ office: Office; close(): Promise<void> }> {
  const log = openLog(settings.logLevel === 'info' ? 'warn' : settings.logLevel)
  const ground = await openGround(settings, log)
  const { office } = await openCorridors(settings, ground, log, () => settings.publicOrigin ?? '')
  return {
    office,
    async close() {
      await office.imports.idle()
      await ground.close()
    },
  }
}

/** For apps: pages of the approve app's own origin may read its answers. */
function approveDoor({ approving }: Corridors, { clock }: Ground, approveOrigin: () => string | undefined): Door {
  return {
    name: 'approve',
    endpoints: approveEndpoints,
    needs: { ...approving.door, enrolments: approving.enrolments },
    dialect: approveDialect(clock),
    prefixes: ['/{tenant}/approve/'],
    cors: () => [approveOrigin() ?? []].flat(),
  }
}

/** Pages of the origins that a tenant lists may read what its programs may. */
const corsOfTenant = (tenant: unknown) => (tenant as Tenant | undefined)?.configuration.cors.origins ?? []

/** For a person's own page, and for nobody else. */
function accountDoor(
  { callers, ownDevices, profiles, recovery }: Corridors,
  approveOrigin: () => string | undefined,
): Door {
  return {
    name: 'account',
    endpoints: accountEndpoints,
    needs: { callers, ownDevices, profiles, recovery, approveOrigin, app: readAccountApp() },
    dialect: accountDialect,
    prefixes: ['/{tenant}/account/'],
    trailingSlash: true,
  }
}

function apiDoors(
  {
    office,
    clients,
    callers,
    authentication,
    challenges,
    provisions,
    approving,
    outOfBand,
    recovery,
    logins,
    book,
  }: Corridors,
  ground: Ground,
): readonly Door[] {
  const { users, authenticators, devices, credentials, imports } = office
  const scim = {
    dialect: scimDialect,
    trailingSlash: true,
    jsonType: 'application/scim+json;charset=utf-8',
    mismatch: 'invalid_value',
    cors: corsOfTenant,
  } as const
  return [
    {
      name: 'openid',
      endpoints: openidEndpoints,
      needs: {
        ...{ clients, callers, authentication, outOfBand, recovery, random: ground.random },
        portalFiles: readPortalFiles(),
        approvals: approving.approvals,
        ...{ logins, findClient: (tenant: Tenant, id: string) => book.load(tenant, id) },
        collectRegistration: approving.collectRegistration,
        registry: office.clients,
        signer: ground.signingKeys,
        clock: ground.clock,
      },
      dialect: openidDialect,
      prefixes: ['/{tenant}/authn/'],
      cors: corsOfTenant,
      alsoUnder: '/idp',
    },
    {
      name: 'scim',
      endpoints: scimEndpoints,
      needs: {
        ...{ users, authenticators, devices, credentials, imports, provisions, challenges, outOfBand },
        clock: ground.clock,
      },
      prefixes: ['/scim/'],
      anyCase: '/scim',
      ...scim,
    },
    {
      name: 'configuration',
      endpoints: configurationEndpoints,
      needs: { documents: office.documents, fidoModels: ground.fidoMetadata, clock: ground.clock },
      prefixes: ['/configuration/'],
      ...scim,
    },
  ]
}
