/**
 * The environment as settings: typed, frozen, complete. Or a list of problems, all of them at once, each with what to do.
 * A name that begins with COUNTERSIGN_ and is not known is a problem: a setting with a typing error must not be ignored in silence.
 * An empty text counts as absent, because that is how container files write "not set".
 */
import { resolve } from 'node:path'
import type { Hidden } from '#settings/hidden.ts'
import { type Setting, type ShapeName, shape } from '#settings/shape.ts'
import { type CheckpointPlace, type Database, type Network, Wrong } from '#settings/value.ts'

export type MasterKeySetting =
  | { readonly from: 'environment'; readonly text: Hidden }
  | { readonly from: 'command'; readonly command: readonly string[] }
  | { readonly from: 'file'; readonly path: string }

export interface Settings {
  readonly port: number
  readonly host: string
  /** Undefined: not given; `http://localhost:` and the port that was opened. */
  readonly publicOrigin: string | undefined
  /** Undefined: there is no approve app of this server's own, or the demo chooses. */
  readonly approveOrigin: string | undefined
  readonly approvePort: number | undefined
  /** Undefined: the demo chooses. */
  readonly bankPort: number | undefined
  /** Absolute, as are all paths here. */
  readonly home: string
  readonly database: Database
  readonly masterKey: MasterKeySetting
  readonly trustedProxies: readonly Network[]
  readonly checkpoints: readonly CheckpointPlace[]
  readonly backups: string | undefined
  readonly metricsToken: Hidden | undefined
  readonly metricsPort: number | undefined
  readonly nodes: number
  /** Undefined: (the server's limit − 10) / nodes. */
  readonly pool: number | undefined
  /** Where RMSInfo goes; both or none. */
  readonly riskHook: { readonly url: string; readonly token: Hidden } | undefined
  /** Undefined: never fetched. */
  readonly fidoMetadataUrl: string | undefined
  /** Undefined: the roots that FIDO names. */
  readonly fidoMetadataRoot: string | undefined
  readonly hashQueue: number
  readonly drain_seconds: number
  readonly logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent'
}

export interface SettingProblem {
  readonly name: string
  /** What to do, as a sentence; never holds the value. */
  readonly action: string
}

export type ReadSettings =
  | { readonly settings: Settings; readonly problems?: undefined }
  | { readonly problems: readonly SettingProblem[]; readonly settings?: undefined }

type Environment = Readonly<Record<string, string | undefined>>
type Values = { [K in ShapeName]: Exclude<ReturnType<(typeof shape)[K]['read']>, Wrong> | undefined }
/** Values of settings that have a text for absence. */
type Sure<K extends ShapeName> = NonNullable<Values[K]>

const PREFIX = 'COUNTERSIGN_'

export function readSettings(environment: Environment): ReadSettings {
  const problems = unknownNames(environment)
  const values: Partial<Record<ShapeName, unknown>> = {}
  for (const [key, setting] of Object.entries(shape) as [ShapeName, Setting<unknown>][]) {
    const text = environment[setting.name]?.trim() || setting.absent
    if (text === undefined) continue
    const value = setting.read(text)
    if (value instanceof Wrong) problems.push({ name: setting.name, action: `${setting.name} ${value.action}.` })
    else values[key] = value
  }
  problems.push(...conflicts(values as Values))
  return problems.length > 0 ? { problems } : { settings: settingsOf(values as Values) }
}

function settingsOf(values: Values): Settings {
  const home = resolve(values.home as Sure<'home'>)
  return Object.freeze({
    port: values.port as Sure<'port'>,
    host: values.host as Sure<'host'>,
    publicOrigin: values.publicOrigin,
    approveOrigin: values.approveOrigin,
    approvePort: values.approvePort,
    bankPort: values.bankPort,
    home,
    database: databaseOf(values.database, home),
    masterKey: masterKeyOf(values, home),
    trustedProxies: values.trustedProxies as Sure<'trustedProxies'>,
    checkpoints: checkpointsOf(values.checkpoints, home),
    backups: values.backups === undefined ? undefined : resolve(values.backups),
    metricsToken: values.metricsToken,
    metricsPort: values.metricsPort,
    nodes: values.nodes as Sure<'nodes'>,
    pool: values.pool,
    riskHook: riskHookOf(values),
    fidoMetadataUrl: values.fidoMetadataUrl,
    fidoMetadataRoot: values.fidoMetadataRoot === undefined ? undefined : resolve(values.fidoMetadataRoot),
    hashQueue: values.hashQueue as Sure<'hashQueue'>,
    drain_seconds: values.drain_seconds as Sure<'drain_seconds'>,
    logLevel: values.logLevel as Sure<'logLevel'>,
  })
}

function riskHookOf({ riskHook: url, riskHookToken: token }: Values): Settings['riskHook'] {
  return url === undefined || token === undefined ? undefined : { url, token }
}

function databaseOf(database: Database | undefined, home: string): Database {
  if (database === undefined) return { engine: 'sqlite', path: resolve(home, 'countersign.db') }
  return database.engine === 'sqlite' ? { engine: 'sqlite', path: resolve(database.path) } : database
}

function masterKeyOf({ masterKey, masterKeyCommand, masterKeyFile }: Values, home: string): MasterKeySetting {
  if (masterKey) return { from: 'environment', text: masterKey }
  if (masterKeyCommand) return { from: 'command', command: masterKeyCommand }
  return { from: 'file', path: masterKeyFile === undefined ? resolve(home, 'master.key') : resolve(masterKeyFile) }
}

function checkpointsOf(places: readonly CheckpointPlace[] | undefined, home: string): readonly CheckpointPlace[] {
  const given = places ?? []
  if (given.length === 0) return [{ kind: 'file', path: resolve(home, 'checkpoints.log') }]
  return given.map(place => (place.kind === 'file' ? { kind: 'file', path: resolve(place.path) } : place))
}

function unknownNames(environment: Environment): SettingProblem[] {
  const known = new Set<string>(Object.values(shape).map(({ name }) => name))
  return Object.keys(environment)
    .filter(name => name.startsWith(PREFIX) && !known.has(name))
    .map(name => ({
      name: name.slice(0, 60),
      action: `${name.slice(0, 60)} is not a setting. Look up its name in docs/operate/settings.md, or remove it.`,
    }))
}

function conflicts(values: Values): SettingProblem[] {
  const { database, nodes, masterKey, masterKeyCommand, masterKeyFile } = values
  const problems: SettingProblem[] = []
  if ((values.riskHook === undefined) !== (values.riskHookToken === undefined)) {
    const action = 'COUNTERSIGN_RISK_HOOK and COUNTERSIGN_RISK_HOOK_TOKEN come together: set both or none.'
    problems.push({ name: 'COUNTERSIGN_RISK_HOOK', action })
  }
  if (nodes !== undefined && nodes > 1 && database?.engine !== 'postgres') {
    const action = 'COUNTERSIGN_NODES above 1 needs PostgreSQL: set COUNTERSIGN_DATABASE to postgres://….'
    problems.push({ name: 'COUNTERSIGN_NODES', action })
  }
  if ([masterKey, masterKeyCommand, masterKeyFile].filter(source => source !== undefined).length > 1) {
    const action = 'The master key comes from one place: keep one of COUNTERSIGN_MASTER_KEY, _COMMAND and _FILE.'
    problems.push({ name: 'COUNTERSIGN_MASTER_KEY', action })
  }
  return problems
}
