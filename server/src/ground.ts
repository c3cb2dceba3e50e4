/**
 * What everything stands on: lease, schema, store, clock, keys, audit. Opened by the server and, when no server runs, by
 * commands. Beside `compose.ts` and `main.ts` the only file that may know rooms of every layer.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { NodeLease } from '#administration/node-lease.ts'
import { filePlace } from '#audit/file-place.ts'
import { httpPlace } from '#audit/http-place.ts'
import { AuditRecorder } from '#audit/recorder.ts'
import { closeRun, openRun, tendRun } from '#audit/run.ts'
import { type AuditAlert, Sealer } from '#audit/sealer.ts'
import { Happenings } from '#domain/ids.ts'
import type { Passkeys } from '#domain/ports/passkeys.ts'
import { first, type Store, WHOLE_STORE } from '#domain/ports/store.ts'
import { Fault } from '#domain/refusal.ts'
import { SystemClock } from '#jobs/clock.ts'
import { JobRunner } from '#jobs/runner.ts'
import { SystemRandom } from '#jobs/system-random.ts'
import { EcKeys } from '#keys/ec-keys.ts'
import { HandleKeys } from '#keys/handle-keys.ts'
import { KeyRing } from '#keys/key-ring.ts'
import type { MasterKey } from '#keys/master-key.ts'
import { openMasterKey } from '#keys/master-key-check.ts'
import { SigningKeys } from '#keys/signing-keys.ts'
import { openStoreKeys, type StoreKeys } from '#keys/store-keys.ts'
import { fetchMetadata } from '#keys/webauthn/fetch-metadata.ts'
import { FidoMetadata } from '#keys/webauthn/fido-metadata.ts'
import { readRoots } from '#keys/webauthn/metadata-roots.ts'
import { WebAuthnPasskeys } from '#keys/webauthn/passkeys.ts'
import type { Settings } from '#settings/read.ts'
import { auditLog } from '#storage/audit.ts'
import { ecKeyQueries } from '#storage/ec-keys.ts'
import { fidoMetadataQueries } from '#storage/fido-metadata.ts'
import { keyQueries } from '#storage/keys.ts'
import { takeLease } from '#storage/lease.ts'
import { migratePostgres, migrateSqlite } from '#storage/migrate.ts'
import { BINARY, migrations } from '#storage/migrations/list.ts'
import { askServer, databaseClock } from '#storage/postgres/server-facts.ts'
import type { PostgresStore } from '#storage/postgres/store.ts'
import { SqliteStore } from '#storage/sqlite/store.ts'
import { storeQueries } from '#storage/store-rows.ts'
import { tenantQueries } from '#storage/tenant.ts'

export interface GroundLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface Ground {
  readonly store: Store
  readonly clock: SystemClock
  readonly random: SystemRandom
  readonly happenings: Happenings
  readonly node: number
  readonly epoch: number
  readonly recorder: AuditRecorder
  readonly sealer: Sealer
  readonly storeKeys: StoreKeys
  readonly master: MasterKey
  readonly keyRing: KeyRing
  readonly ecKeys: EcKeys
  readonly signingKeys: SigningKeys
  readonly handleKeys: HandleKeys
  readonly passkeys: Passkeys
  readonly fidoMetadata: FidoMetadata
  readonly jobs: JobRunner
  /** Resolves when another process may have this one's node number: it must stop. */
  readonly lost: Promise<void>
  /** Whether this node can do its work; for load balancers. */
  readiness(): Promise<{ readonly ok: boolean; readonly checks: Readonly<Record<string, string>> }>
  close(): Promise<void>
}

const CLOCK_FLOOR = 'clock_floor'

/** `machine` is the machine's clock in milliseconds; tests move it. */
export async function openGround(settings: Settings, log: GroundLog, machine = Date.now): Promise<Ground> {
  mkdirSync(settings.home, { recursive: true, mode: 0o700 })
  const lease = settings.database.engine === 'sqlite' ? takeLease(settings.home) : undefined
  const random = new SystemRandom()
  const engine = await openEngine(settings, log)
  const store: Store = engine
  const clock = new SystemClock(Number((await meta(store, CLOCK_FLOOR)) ?? 0), machine)
  const epoch = Number((await meta(store, 'epoch')) ?? 1)

  const nodeLease = await NodeLease.take({ store, rows: storeQueries, clock }, holderName(random), lease !== undefined)
  const keyNeeds = { store, rows: keyQueries, random, clock }
  const master = await openMasterKey({ ...keyNeeds, source: settings.masterKey })
  const storeKeys = await openStoreKeys({ ...keyNeeds, master })
  const handleKeys = await HandleKeys.open({ ...keyNeeds, master, epoch })
  const keyRing = new KeyRing({ ...keyNeeds, master })

  const happenings = new Happenings(() => clock.now(), nodeLease.node)
  const run = await openRun(store, auditLog, nodeLease.node, clock.now())
  const recorder = new AuditRecorder({ happenings, random, run, macKey: storeKeys.auditMacKey, log: auditLog })
  const sealer = new Sealer({
    store,
    log: auditLog,
    clock,
    stamp: recorder.stamp,
    holder: String(run),
    epoch,
    signer: { kid: storeKeys.checkpointKey.publicJwk.kid, sign: bytes => storeKeys.checkpointKey.sign(bytes) },
    places: settings.checkpoints.map(place => (place.kind === 'file' ? filePlace(place.path) : httpPlace(place.url))),
    onAlert: alert => tell(log, alert),
  })

  const jobs = new JobRunner({ random, onError: (name, error) => log.error({ job: name, err: error }, 'a job failed') })
  const tended = { store, log: auditLog, recorder }
  jobs.add({ name: 'audit-run', interval_ms: 1000, run: async () => void (await tendRun(tended, clock.now())) })
  jobs.add({ name: 'audit-sealer', interval_ms: 1000, run: () => sealer.tick() })
  jobs.add({ name: 'handle-keys', interval_ms: 30_000, run: () => handleKeys.reload() })
  const lost = new Promise<void>(tell => {
    const run = () =>
      nodeLease.renew().catch(error => {
        if (error instanceof Fault) tell()
        throw error
      })
    jobs.add({ name: 'node-lease', interval_ms: 15_000, run })
  })
  jobs.add({ name: 'clock-floor', interval_ms: 60_000, run: () => setMeta(store, CLOCK_FLOOR, String(clock.now())) })

  return {
    store,
    clock,
    random,
    happenings,
    node: nodeLease.node,
    epoch,
    recorder,
    sealer,
    storeKeys,
    master,
    keyRing,
    ...signers(store, clock, keyRing),
    handleKeys,
    ...passkeysOf(settings, { store, recorder, clock }, jobs),
    jobs,
    lost,
    readiness: () => readiness(settings, store, clock, sealer),
    async close() {
      await jobs.stop()
      await closeRun(tended, clock.now())
      await sealer.tick()
      await sealer.sent()
      await nodeLease.release()
      await engine.close()
      lease?.release()
    },
  }
}

const LATEST_SEAL_MS = 60_000
const WORST_CLOCK_MS = 2000

async function readiness({ database }: Settings, store: Store, clock: SystemClock, sealer: Sealer) {
  const checks: Record<string, string> = {}
  checks.store = await store
    .read(WHOLE_STORE, () => first(storeQueries.meta('epoch')))
    .then(
      () => 'reachable',
      () => 'not reachable',
    )
  checks.clock = clock.behind_ms() > WORST_CLOCK_MS ? 'the clock of this machine was set back' : 'steady'
  if (database.engine === 'postgres' && checks.store === 'reachable') {
    const there = await store.read(WHOLE_STORE, () => first(databaseClock()))
    if (!there || Math.abs(there.now - clock.now()) > WORST_CLOCK_MS) checks.clock = 'differs from that of the database'
  }
  checks.audit = sealer.unsealedAge_ms > LATEST_SEAL_MS ? 'events wait for their seal' : 'sealed'
  const ok = checks.store === 'reachable' && checks.clock === 'steady'
  return { ok, checks }
}

async function openEngine(settings: Settings, log: GroundLog): Promise<SqliteStore | PostgresStore> {
  const options = { migrations, binary: BINARY, now_ms: Date.now() }
  const { database } = settings
  if (database.engine === 'sqlite') {
    mkdirSync(dirname(database.path), { recursive: true, mode: 0o700 })
    migrateSqlite(database.path, options)
    return new SqliteStore(database.path)
  }
  const url = database.url.reveal()
  await migratePostgres(url, options)
  const { maxConnections } = await askServer(url)
  // Loaded here because a server on SQLite never needs it.
  const postgres = await import('#storage/postgres/store.ts')
  return new postgres.PostgresStore(url, {
    connections: settings.pool ?? Math.max(2, Math.floor((maxConnections - 10) / settings.nodes)),
    connectionLost: error => log.warn({ err: error }, 'an idle connection to the database was lost'),
  })
}

async function meta(store: Store, name: string): Promise<string | undefined> {
  return (await store.read(WHOLE_STORE, () => first(storeQueries.meta(name))))?.value
}

/** What signs for a tenant. */
function signers(store: Store, clock: SystemClock, keyRing: KeyRing): Pick<Ground, 'ecKeys' | 'signingKeys'> {
  const loadSealer = (tenant: number) => keyRing.loadSealer(tenant)
  const nameOf = (tenant: number) => nameOfTenant(store, tenant)
  const ecKeys = new EcKeys({ store, rows: ecKeyQueries, loadSealer, nameOf, clock })
  return { ecKeys, signingKeys: new SigningKeys({ store, rows: keyQueries, loadSealer, ecKeys, clock }) }
}

/** What verifies passkeys, and what it knows of their makers. */
function passkeysOf(
  { fidoMetadataUrl: url, fidoMetadataRoot }: Settings,
  needs: Pick<Ground, 'store' | 'recorder' | 'clock'>,
  jobs: JobRunner,
): Pick<Ground, 'passkeys' | 'fidoMetadata'> {
  const roots = readRoots(fidoMetadataRoot)
  const fidoMetadata = new FidoMetadata({ ...needs, rows: fidoMetadataQueries, meta: storeQueries, roots })
  const run = (stop: AbortSignal) => fetchMetadata(fidoMetadata, url ?? '', needs.clock, stop)
  if (url) jobs.add({ name: 'fido-metadata', interval_ms: 600_000, run })
  return { passkeys: new WebAuthnPasskeys(fidoMetadata), fidoMetadata }
}

async function nameOfTenant(store: Store, tenant: number): Promise<string> {
  const row = await store.read(tenant, () => first(tenantQueries.tenantOf(tenant)))
  if (!row) throw new Fault(`there is no tenant ${tenant}`)
  return row.name
}

async function setMeta(store: Store, name: string, value: string): Promise<void> {
  await store.write(WHOLE_STORE, function* () {
    yield [storeQueries.setMeta(name, value)]
  })
}

const holderName = (random: SystemRandom) => Buffer.from(random.bytes(12)).toString('hex')

function tell(log: GroundLog, alert: AuditAlert): void {
  log.error({ alert }, `audit: ${alert.kind}`)
}
