/**
 * The rooms of the server as data: the layer each stands in, what it may import, whether it is pure, and which outside
 * packages it may know. A room that is not in this table fails the build, so a new room starts with a line here.
 * Every room may import `protocol`; nobody may import upward or sideways.
 */

export interface Room {
  readonly layer: number
  readonly imports: readonly string[]
  /** No node, no clock, no randomness: the same answer for the same arguments. */
  readonly pure?: true
  /** Packages from outside; a package that stands nowhere in this table may not be imported at all. */
  readonly packages?: readonly string[]
}

const CORRIDOR = ['factors', 'workflow', 'domain']
const DOOR = ['authentication', 'administration', 'workflow', 'domain', 'http']

// biome-ignore format: one room is one line
export const rooms: Readonly<Record<string, Room>> = {
  protocol: { layer: 0, imports: [], pure: true, packages: ['typebox'] },
  domain: { layer: 1, imports: [], pure: true },
  http: { layer: 1, imports: ['domain/refusal.ts', 'domain/ids.ts'], packages: ['fastify', 'typebox', 'prom-client'] },
  factors: { layer: 2, imports: ['domain'], pure: true, packages: ['typebox'] },
  workflow: { layer: 2, imports: ['domain'], pure: true },
  authentication: { layer: 3, imports: CORRIDOR, packages: ['typebox'] },
  administration: { layer: 3, imports: CORRIDOR, packages: ['typebox', 'fast-xml-parser'] },
  openid: { layer: 4, imports: DOOR, packages: ['typebox'] },
  scim: { layer: 4, imports: DOOR, packages: ['typebox'] },
  configuration: { layer: 4, imports: DOOR, packages: ['typebox'] },
  approve: { layer: 4, imports: DOOR, packages: ['typebox'] },
  account: { layer: 4, imports: DOOR, packages: ['typebox'] },
  cli: { layer: 4, imports: [...DOOR, 'settings', 'storage', 'audit', 'keys'], packages: ['typebox', '@countersign/sdk'] },
  storage: { layer: 5, imports: ['domain'], packages: ['pg', '@photostructure/sqlite'] },
  delivery: { layer: 5, imports: ['domain'], packages: ['nodemailer'] },
  audit: { layer: 5, imports: ['domain'] },
  keys: { layer: 5, imports: ['domain'], packages: ['@node-rs/argon2', 'jose', '@simplewebauthn/server', '@peculiar/x509'] },
  jobs: { layer: 5, imports: ['domain'], packages: ['pino'] },
  settings: { layer: 5, imports: ['domain'] },
}

/**
 * Files that stand beside the rooms, straight in `server/src`, are the top: they put rooms together and may import all.
 * The list is closed, so that the top does not become a drawer.
 */
export const TOP = [
  'main.ts',
  'compose.ts',
  'corridors.ts',
  'ground.ts',
  'run-server.ts',
  'approving.ts',
  'signing-in.ts',
]
export const TOP_PACKAGES: readonly string[] = []

/** The one file outside the pure rooms that is held to their rules: what an endpoint *is* must not depend on a runtime. */
export const PURE_FILES = ['server/src/http/endpoint.ts']

/** Where the machine's clock and randomness may be read; everybody else is handed them. */
export const CLOCK_ROOMS = ['jobs']

/** Rooms whose folders do not know one another: `factors/oath` never imports `factors/password`. */
export const FOLDERS_ARE_STRANGERS = ['factors']

/** Rooms whose files list many like things (columns, settings, documents) and may be longer. */
export const LONG_FILES = /^server\/src\/(storage|settings|configuration\/seed)\//
