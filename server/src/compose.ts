/**
 * Puts the rooms together: corridors over the ground, doors over the corridors, the carrier over the doors. The only
 * file that knows every room; what a room needs is handed in here and nowhere else.
 */
import { createHmac } from 'node:crypto'
import { TenantDirectory } from '#administration/tenant-directory.ts'
import { Tenants } from '#administration/tenants.ts'
import { Authentication } from '#authentication/authenticate.ts'
import { Callers } from '#authentication/callers.ts'
import { Challenges } from '#authentication/challenges.ts'
import { Clients } from '#authentication/clients.ts'
import { Synchronisation } from '#authentication/synchronisation.ts'
import { Throttle } from '#authentication/throttle.ts'
import { configurationEndpoints } from '#configuration/endpoints.ts'
import { stock } from '#configuration/seed/stock.ts'
import { permissionsOf } from '#domain/permission.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Ground, GroundLog } from '#ground.ts'
import type { Door } from '#http/door.ts'
import type { Caller } from '#http/endpoint.ts'
import { type Carrier, carrier } from '#http/server.ts'
import { Traffic } from '#http/traffic.ts'
import { openHasher } from '#keys/hasher.ts'
import { machineSecret } from '#keys/machine-secret.ts'
import { openidDialect } from '#openid/dialect.ts'
import { openidEndpoints } from '#openid/endpoints.ts'
import { scimDialect } from '#scim/dialect.ts'
import type { Settings } from '#settings/read.ts'
import { clientQueries } from '#storage/client.ts'
import { proofQueries } from '#storage/proof.ts'
import { sessionQueries } from '#storage/session.ts'
import { tenantQueries } from '#storage/tenant.ts'

export interface Composition {
  readonly tenants: Tenants
  readonly directory: TenantDirectory
  readonly callers: Callers
  readonly traffic: Traffic
  readonly carrier: Carrier
}

export async function compose(settings: Settings, ground: Ground, log: GroundLog, pages: readonly Door[]): Promise<Composition> {
  const { store, clock, random, happenings, recorder, keyRing } = ground
  const directory = new TenantDirectory({
    store,
    tenants: tenantQueries,
    clock,
    stock,
    loadSealer: tenant => keyRing.loadSealer(tenant),
  })
  const tenants = new Tenants({
    store,
    tenants: tenantQueries,
    clock,
    recorder,
    mintKeys: tenant => keyRing.mint(tenant).queries,
  })
  const hasher = await openHasher({ waiting: settings.hashQueue })
  const authenticationNeeds = {
    store,
    proofs: proofQueries,
    sessions: sessionQueries,
    clients: clientQueries,
    clock,
    random,
    happenings,
    hasher,
    handles: ground.handleKeys.handles,
    recorder,
    hmac,
    reload: (tenant: Tenant) => directory.reload(tenant),
  }
  const callers = new Callers(authenticationNeeds)
  const clients = new Clients({
    ...authenticationNeeds,
    throttle: new Throttle(clock),
    secretFits: (proof, secret) => machineSecret.matches(proof ?? undefined, secret),
  })
  const authentication = new Authentication(authenticationNeeds)
  const challenges = new Challenges(authenticationNeeds)
  const synchronisation = new Synchronisation(authenticationNeeds)

  const traffic = new Traffic()
  const scimShape = {
    dialect: scimDialect,
    trailingSlash: true,
    jsonType: 'application/scim+json;charset=utf-8',
    mismatch: 'invalid_value',
  } as const
  const doors: readonly Door[] = [
    {
      name: 'openid',
      endpoints: openidEndpoints,
      needs: { clients, callers, authentication, signer: ground.signingKeys, clock },
      dialect: openidDialect,
      prefixes: ['/{tenant}/authn/'],
      alsoUnder: '/idp',
    },
    { name: 'configuration', endpoints: configurationEndpoints, needs: {}, ...scimShape, prefixes: ['/configuration/'] },
    ...pages,
  ]
  ground.jobs.add({ name: 'last-use', interval_ms: 1000, run: () => callers.writeLastUses() })
  return {
    tenants,
    directory,
    callers,
    traffic,
    carrier: carrier<Tenant>({
      doors,
      tenants: directory,
      identify: (tenant, bearer) => identify(callers, tenant, bearer),
      log,
      random,
      origin: settings.publicOrigin ?? (port => `http://localhost:${port}`),
      trustedProxies: settings.trustedProxies.map(({ address, bits }) => `${address}/${bits}`),
      traffic,
      drain_ms: settings.drain_seconds * 1000,
    }),
  }
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
