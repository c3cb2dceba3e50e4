/**
 * Every setting of the process, one line each: its name, its sentence, what it is without a value, and how its text is read.
 * They come from the environment, are read once at start and never change. `docs/operate/settings.md` is made from this
 * table. The configuration of a tenant is something else and stands in the store.
 */
import * as read from '#settings/value.ts'

export interface Setting<T> {
  readonly name: string
  /** For the operator: what it does. */
  readonly sentence: string
  /** As the documentation shows it. */
  readonly default: string
  /** The text that stands for no text; without it an absent setting is undefined. */
  readonly absent?: string
  /** The value, or a `Wrong` with what to do. Never shows a secret's text. */
  readonly read: (text: string) => T | read.Wrong
}

const setting = <T>(
  name: string,
  sentence: string,
  shown: string,
  read: (text: string) => T | read.Wrong,
  absent?: string,
): Setting<T> => ({ name, sentence, default: shown, read, ...(absent === undefined ? {} : { absent }) })

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const

// biome-ignore format: one setting is one line
export const shape = {
  port: setting('PORT', 'Port of the HTTP server; 0 picks a free one.', '`8080`', read.integer(0, 65_535), '8080'),
  host: setting('COUNTERSIGN_HOST', 'Name or address to listen on; `0.0.0.0` or `::` for all.', '`localhost`', read.host, 'localhost'),
  publicOrigin: setting('COUNTERSIGN_URL', 'Origin under which clients reach this server, as in `https://id.example.org`; links and issuers are made from it and from nothing a request says.', '`http://localhost:` and the port', read.origin),
  approveOrigin: setting('COUNTERSIGN_APPROVE_URL', 'Origin of the approve app, another one than the server\'s; its pages may call the approve door.', '`http://localhost:8081` in the demo, none otherwise', read.origin),
  approvePort: setting('COUNTERSIGN_APPROVE_PORT', 'Port on which this process serves the approve app; 0 picks a free one.', '`8081` in the demo, not served otherwise', read.integer(0, 65_535)),
  bankPort: setting('COUNTERSIGN_BANK_PORT', 'Port of the example bank, in the demo only; 0 picks a free one.', '`8082`', read.integer(0, 65_535)),
  home: setting('COUNTERSIGN_HOME', 'Folder of the data: database file, master key, checkpoints, control socket.', '`./.countersign`', read.path, './.countersign'),
  database: setting('COUNTERSIGN_DATABASE', '`sqlite:PATH` for one process, or `postgres://user:password@host/name` for many.', '`sqlite:` and `countersign.db` in the home folder', read.database),
  masterKey: setting('COUNTERSIGN_MASTER_KEY', 'The master key itself: 32 bytes as 64 hex digits or in base64.', 'kept in a file', read.hidden(32)),
  masterKeyCommand: setting('COUNTERSIGN_MASTER_KEY_COMMAND', 'Program, with arguments after blanks, that prints the master key; run once at start without a shell.', 'none', read.command),
  masterKeyFile: setting('COUNTERSIGN_MASTER_KEY_FILE', 'File of mode 0600 that holds the master key; made on the first start.', '`master.key` in the home folder', read.path),
  trustedProxies: setting('COUNTERSIGN_TRUSTED_PROXIES', 'Addresses or networks (`10.0.0.0/8`), separated by commas, whose `X-Forwarded-For` is believed.', 'none', read.list(read.network, 64), ''),
  checkpoints: setting('COUNTERSIGN_CHECKPOINTS', 'Where signed audit checkpoints go, separated by commas: `file:PATH`, `https://…`. At least one should be off this machine.', '`file:` and `checkpoints.log` in the home folder', read.list(read.checkpointPlace, 8)),
  backups: setting('COUNTERSIGN_BACKUPS', 'Folder into which `countersign backup` writes when it is given no path.', 'none', read.path),
  metricsToken: setting('COUNTERSIGN_METRICS_TOKEN', 'Bearer token for `/metrics` on the main port, 16 characters or more.', 'none: not served there', read.hidden(16)),
  metricsPort: setting('COUNTERSIGN_METRICS_PORT', 'Port of its own for `/metrics`, without a token.', 'none', read.integer(0, 65_535)),
  nodes: setting('COUNTERSIGN_NODES', 'How many processes share the PostgreSQL database; sizes the connection pool.', '`1`', read.integer(1, 32), '1'),
  pool: setting('COUNTERSIGN_POOL', 'Connections of this process to PostgreSQL.', 'the server\'s limit less 10, divided by the nodes', read.integer(1, 500)),
  riskHook: setting('COUNTERSIGN_RISK_HOOK', 'Address that is sent what clients say in `RMSInfo` of a request, for a risk service; its answer decides nothing.', 'none', read.hook),
  riskHookToken: setting('COUNTERSIGN_RISK_HOOK_TOKEN', 'Bearer token for the risk service, 16 characters or more.', 'none', read.hidden(16)),
  fidoMetadataUrl: setting('COUNTERSIGN_FIDO_METADATA_URL', 'Address from which the FIDO metadata is fetched once a day; FIDO\'s own is `https://mds3.fidoalliance.org/`.', 'none: brought in by `countersign fido-metadata import`', read.hook),
  fidoMetadataRoot: setting('COUNTERSIGN_FIDO_METADATA_ROOT', 'PEM file with the root certificates that may stand behind the FIDO metadata, in place of FIDO\'s.', 'GlobalSign Root R3 and R46', read.path),
  hashQueue: setting('COUNTERSIGN_HASH_QUEUE', 'Password checks that may wait for a processor; more are answered 503 and consume nothing.', '`64`', read.integer(0, 10_000), '64'),
  drain_seconds: setting('COUNTERSIGN_DRAIN_SECONDS', 'How long requests under way may take to end after SIGTERM.', '`20`', read.integer(0, 600), '20'),
  logLevel: setting('COUNTERSIGN_LOG_LEVEL', `One of ${LOG_LEVELS.map(level => `\`${level}\``).join(', ')}.`, '`info`', read.oneOf(LOG_LEVELS), 'info'),
} as const satisfies Record<string, Setting<unknown>>

export type ShapeName = keyof typeof shape
