/**
 * Opens the two corridors over the ground: what proves somebody, and what changes a tenant. The only place where their
 * needs are put together; beside `compose.ts` and `ground.ts` it may know rooms of every layer.
 */
import { Authenticators } from '#administration/authenticators.ts'
import { ClientRegistry } from '#administration/clients.ts'
import { Credentials } from '#administration/credentials.ts'
import type { TwoCodes } from '#administration/device-needs.ts'
import { Devices } from '#administration/devices.ts'
import { Documents } from '#administration/documents.ts'
import { erasePerson } from '#administration/erase-person.ts'
import { DeviceImport } from '#administration/import/device-import.ts'
import { OwnDevices } from '#administration/own-devices.ts'
import { OwnProfiles } from '#administration/own-profile.ts'
import { Provisions } from '#administration/provisions.ts'
import { TenantArchive } from '#administration/tenant-archive.ts'
import { TenantDirectory } from '#administration/tenant-directory.ts'
import { TenantErasure } from '#administration/tenant-erasure.ts'
import { Tenants } from '#administration/tenants.ts'
import { Users } from '#administration/users.ts'
import { type Approving, openApproving } from '#approving.ts'
import { exportAudit } from '#audit/audit-export.ts'
import { storeReader } from '#audit/store-reader.ts'
import { ACCOUNT_CLIENT, accountClient } from '#authentication/account-client.ts'
import { Authentication } from '#authentication/authenticate.ts'
import { Budgets } from '#authentication/budgets.ts'
import { Callers } from '#authentication/callers.ts'
import { Challenges } from '#authentication/challenges.ts'
import { ClientBook } from '#authentication/client-book.ts'
import { Clients } from '#authentication/clients.ts'
import type { Logins } from '#authentication/logins.ts'
import { OutOfBand } from '#authentication/out-of-band.ts'
import { Recovery } from '#authentication/recovery.ts'
import { SprayWatch } from '#authentication/spray-watch.ts'
import { Synchronisation } from '#authentication/synchronisation.ts'
import { Throttle } from '#authentication/throttle.ts'
import type { Office } from '#cli/office.ts'
import { stock } from '#configuration/seed/stock.ts'
import { buildConfiguration } from '#domain/configuration.ts'
import type { InboxDoorway } from '#domain/parcel.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { Ground, GroundLog } from '#ground.ts'
import { openAppSecrets } from '#keys/app-secrets.ts'
import { approveSigner } from '#keys/approve-signer.ts'
import { openCodeProofs } from '#keys/code-proofs.ts'
import { openHasher } from '#keys/hasher.ts'
import { hmac } from '#keys/hmac.ts'
import { machineSecret } from '#keys/machine-secret.ts'
import type { Settings } from '#settings/read.ts'
import { openSigningIn } from '#signing-in.ts'
import { appQueries } from '#storage/app.ts'
import { approvalQueries } from '#storage/approval.ts'
import { assertionQueries } from '#storage/assertion.ts'
import { auditLog } from '#storage/audit.ts'
import { authenticatorQueries } from '#storage/authenticator.ts'
import { budgetQueries } from '#storage/budget.ts'
import { clientQueries } from '#storage/client.ts'
import { count } from '#storage/counter.ts'
import { credentialQueries } from '#storage/credential.ts'
import { deviceQueries } from '#storage/device.ts'
import { importQueries } from '#storage/device-import.ts'
import { documentQueries } from '#storage/document.ts'
import { searchSql } from '#storage/filter-sql.ts'
import { loginQueries } from '#storage/login.ts'
import { messageQueries } from '#storage/message.ts'
import { NamedIdBlocks } from '#storage/named-ids.ts'
import { oobQueries } from '#storage/oob.ts'
import { outboxQueries } from '#storage/outbox.ts'
import { passkeyQueries } from '#storage/passkey.ts'
import { proofQueries } from '#storage/proof.ts'
import { provisionQueries } from '#storage/provision.ts'
import { recoveryQueries } from '#storage/recovery.ts'
import { sessionQueries } from '#storage/session.ts'
import { tenantQueries } from '#storage/tenant.ts'
import { tenantRows } from '#storage/tenant-rows.ts'
import { userQueries } from '#storage/user.ts'

export interface Corridors {
  readonly office: Office
  readonly clients: Clients
  readonly callers: Callers
  readonly authentication: Authentication
  readonly challenges: Challenges
  readonly provisions: Provisions
  /** What a person does for himself. */
  readonly ownDevices: OwnDevices
  readonly profiles: OwnProfiles
  readonly approving: Approving
  readonly outOfBand: OutOfBand
  readonly recovery: Recovery
  readonly logins: Logins
  readonly book: ClientBook
}

/** `origin` is the public one, once it is known. */
export async function openCorridors(
  settings: Settings,
  ground: Ground,
  log: GroundLog,
  origin: () => string,
  inbox?: InboxDoorway,
): Promise<Corridors> {
  const shared = await sharedNeeds(settings, ground)
  const proving = { ...shared, handles: ground.handleKeys.handles, hmac }
  const { store, recorder, clock } = ground
  const builtIn = (tenant: Tenant, id: string) => (id === ACCOUNT_CLIENT ? accountClient(tenant, origin()) : undefined)
  const book = new ClientBook({ store, clients: clientQueries, builtIn })
  const budgets = new Budgets({ store, rows: budgetQueries, clock })
  const watch = new SprayWatch({ budgets, store, recorder, now: () => clock.now() })
  const synchronisation = new Synchronisation(proving)
  const administering = administrationNeeds(shared, (tenant, codes) => synchronisation.find(tenant, codes))
  const { directory } = shared
  const findTenant = (name: string) => directory.find(name)
  const inviting = {
    ...administering,
    secrets: openAppSecrets(ground.storeKeys.inviteKey),
    signer: approveSigner(ground.ecKeys),
  }
  const provisions = new Provisions(inviting)
  const approving = openApproving(ground, log, {
    ...{ proving, book, budgets, findTenant, origin, inbox },
    ids: administering.ids,
    riskHook: settings.riskHook,
  })
  const nudge = () => approving.worker.nudge()
  const messaging = { ...proving, messages: messageQueries, outbox: outboxQueries, nudge }
  const outOfBand = new OutOfBand({ ...messaging, inboxHere: inbox !== undefined }, watch)
  const codes = openCodeProofs(ground.storeKeys.loginKey)
  const recovery = new Recovery({ ...messaging, ...administering, recoveries: recoveryQueries, codes, watch })
  const authentication = new Authentication(proving, watch)
  const { approvals } = approving
  return {
    ...{ book, provisions, approving, authentication, outOfBand, recovery },
    logins: openSigningIn(ground, {
      ...{ proving, book, authentication, approvals, outOfBand, recovery, budgetBook: budgets },
      ids: administering.ids,
    }),
    ownDevices: new OwnDevices({
      ...inviting,
      mayInvite: ({ number }, { user }) => budgets.spend(number, OWN_INVITATIONS, String(user)),
      confirm: (tenant, id, code, by) => provisions.confirm(tenant, id, code, by),
    }),
    profiles: new OwnProfiles(administering),
    office: { ...officeOf(settings, ground, log, shared, administering), provisions },
    clients: new Clients({
      ...proving,
      book,
      assertions: assertionQueries,
      watch,
      throttle: new Throttle(clock),
      secretFits: (proof, secret) => machineSecret.matches(proof ?? undefined, secret),
    }),
    callers: new Callers({ ...proving, book }),
    challenges: new Challenges(proving),
  }
}

/** Invitations that a person makes for himself: each costs a slow derivation of a key. */
const OWN_INVITATIONS = { name: 'own-invitation', limit: 10, period_ms: 3_600_000 } as const

/** What both corridors need. */
async function sharedNeeds(settings: Settings, ground: Ground) {
  const { store, clock, random, happenings, recorder, keyRing } = ground
  const directory = new TenantDirectory({
    ...{ store, clock, stock },
    tenants: tenantQueries,
    loadSealer: tenant => keyRing.loadSealer(tenant),
  })
  return {
    ...{ store, clock, random, happenings, recorder, directory },
    proofs: proofQueries,
    oob: oobQueries,
    passkeyRows: passkeyQueries,
    sessions: sessionQueries,
    clients: clientQueries,
    budgets: budgetQueries,
    hasher: await openHasher({ waiting: settings.hashQueue }),
    reload: (tenant: Tenant) => directory.reload(tenant),
  }
}

type Shared = Awaited<ReturnType<typeof sharedNeeds>>

type Synchronise = (tenant: Tenant, request: TwoCodes) => Promise<void>

/** What the corridor of administration needs, whatever it changes. */
function administrationNeeds(shared: Shared, synchronise: Synchronise) {
  return {
    ...shared,
    ids: new NamedIdBlocks(shared.store),
    users: userQueries,
    authenticators: authenticatorQueries,
    devices: deviceQueries,
    credentials: credentialQueries,
    apps: appQueries,
    approvals: approvalQueries,
    provisions: provisionQueries,
    search: searchSql,
    count,
    synchronise,
  }
}

/** The corridor of administration, as doors and commands use it. */
function officeOf(
  settings: Settings,
  ground: Ground,
  log: GroundLog,
  shared: Shared,
  needs: ReturnType<typeof administrationNeeds>,
): Omit<Office, 'provisions'> {
  const { store, clock, random, recorder, keyRing } = ground
  const { ids } = needs
  const tellFault = (error: unknown) => log.error({ error }, 'an import broke')
  const mintKeys = (tenant: number) => keyRing.mint(tenant).queries
  return {
    directory: shared.directory,
    clients: new ClientRegistry({ ...needs, makeSecret: () => machineSecret.make(random) }),
    users: new Users(needs),
    authenticators: new Authenticators(needs),
    devices: new Devices(needs),
    credentials: new Credentials(needs),
    documents: new Documents({
      ...needs,
      documents: documentQueries,
      logins: loginQueries,
      stock: buildConfiguration(stock),
    }),
    imports: new DeviceImport({ store, clock, recorder, queries: importQueries, ids, tellFault }),
    random,
    ...tenantsOf(ground, new Tenants({ store, tenants: tenantQueries, clock, recorder, mintKeys })),
    foundations: { settings, ...ground },
    erasePerson: (tenant, user) =>
      erasePerson({ ...needs, erasePersonal: auditLog.erasePerson }, tenant, user, {
        actor: { kind: 'operator' },
        permissions: new Set(),
        correlation: 'cli',
      }),
  }
}

/** Whole tenants: made, moved to another store, erased. */
function tenantsOf({ store, clock, random, recorder, keyRing }: Ground, tenants: Tenants) {
  const erasure = new TenantErasure({
    ...{ store, recorder, directory: tenantQueries, rows: tenantRows },
    forgetKeys: tenant => keyRing.forget(tenant),
  })
  const archive = new TenantArchive({
    ...{ store, clock, random, recorder, tenants, erasure },
    rows: tenantRows,
    directory: tenantQueries,
    loadSealer: tenant => keyRing.loadSealer(tenant),
    auditLines: tenant => exportAudit(storeReader(store, auditLog), tenant),
  })
  return { tenants, erasure, archive }
}
