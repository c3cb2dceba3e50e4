/**
 * `npm run bench`: our server on SQLite and PostgreSQL beside `oidc-provider` and bare `node:http`, in one run, lanes
 * taking turns; prints a table with ratios and writes results.md. With `--profile`: where our time goes instead.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { approvalLaneNames, approvalLanes } from './approval-lanes.ts'
import { type BenchArguments, readBenchArguments, USAGE } from './arguments.ts'
import { type Lane, type Ours, searchLane, tokenLanes } from './lanes.ts'
import { LoadProcess } from './load-process.ts'
import { machine } from './machine.ts'
import { type OurServer, startOurServer } from './our-server.ts'
import { passkeyLaneNames, passkeyLanes } from './passkey-lanes.ts'
import { startPeers } from './peers.ts'
import { LOAD_CORE, moveToCore } from './pinning.ts'
import { type Database, openPostgres } from './postgres.ts'
import { profileLines } from './profile.ts'
import { reportText } from './report.ts'
import { type Pace, Rounds } from './rounds.ts'
import { seed } from './seed.ts'
import type { ServerProcess } from './server-process.ts'
import { signInLaneNames, signInLanes } from './sign-in-lanes.ts'
import { restOf } from './start-and-rest.ts'
import { type StartAndRest, targetsOf } from './targets.ts'

const SMALL = 10_000
const HOLDERS = 2_000
const WARM_MS = 2000
const SMALL_LANES = [
  'client_credentials',
  'otp',
  'otp_no_token',
  ...approvalLaneNames,
  ...signInLaneNames,
  ...passkeyLaneNames,
  'search_small',
]

type Engine = 'sqlite' | 'postgres'

class Bench {
  readonly #given: BenchArguments
  readonly #folder: string
  readonly #large: number
  readonly #started: { stop(): Promise<void> }[] = []
  #postgres: Database | undefined

  constructor(given: BenchArguments, folder: string) {
    this.#given = given
    this.#folder = folder
    this.#large = given.quick ? 100_000 : 1_000_000
  }

  async measure(): Promise<void> {
    const { quick, only, write } = this.#given
    const pace: Pace = quick
      ? { rounds: 3, warm_ms: 2000, measure_ms: 1000 }
      : { rounds: 7, warm_ms: 4000, measure_ms: 3000 }
    const lanes = [
      ...(await this.#peerLanes()),
      ...(await this.#ourLanes('sqlite')),
      ...(await this.#ourLanes('postgres')),
    ]
    if (lanes.length === 0) throw new Error(`no lane is named like ${only.join(', ')}`)
    const load = new LoadProcess()
    try {
      const measured = await new Rounds(load).run(lanes, pace, say)
      const rest = this.#rest
      const text = reportText({
        at: new Date(),
        machine: machine(this.#folder, this.#postgres?.version),
        pace,
        measured,
        targets: targetsOf(measured, rest),
      })
      console.log(`\n${text}`)
      const file = fileURLToPath(new URL('../results.md', import.meta.url))
      if (write || (!quick && only.length === 0)) writeFileSync(file, text)
    } finally {
      load.close()
    }
  }

  /** One engine and a handful of lanes at a time: a profile of everything says nothing. */
  async profile(): Promise<void> {
    for (const engine of ['sqlite', 'postgres'] as const) {
      for (const name of SMALL_LANES) {
        if (this.#wants(`${engine}.${name}`)) await this.#profileLane(engine, name)
      }
    }
  }

  async stop(): Promise<void> {
    for (const one of this.#started.reverse()) await one.stop()
    await this.#postgres?.stop()
  }

  #rest: StartAndRest | undefined

  #wants(name: string): boolean {
    return this.#given.only.length === 0 || this.#given.only.some(part => name.includes(part))
  }

  async #peerLanes(): Promise<readonly Lane[]> {
    const peers = await startPeers(this.#folder, name => this.#wants(name))
    this.#started.push(...peers.map(({ server }) => server))
    return peers
  }

  async #ourLanes(engine: Engine): Promise<readonly Lane[]> {
    const name = (lane: string) => this.#wants(`${engine}.${lane}`)
    const wantsSmall = SMALL_LANES.some(name)
    const lanes: Lane[] = []
    if (wantsSmall) {
      const place = await this.#filled(engine, 'small', SMALL)
      if (engine === 'sqlite') {
        say('starts and rest')
        this.#rest = await restOf(place, this.#given.quick)
      }
      const server = this.#kept(await startOurServer(place))
      const ours = { engine, server, database: this.#databaseOf(engine), users: SMALL, holders: HOLDERS }
      lanes.push(...smallLanes(ours, place.home).filter(lane => this.#wants(lane.name)))
    }
    if (name('search_large')) {
      const place = await this.#filled(engine, 'large', this.#large)
      const server = this.#kept(await startOurServer(place))
      const database = this.#databaseOf(engine)
      lanes.push(searchLane({ engine, server, database, users: this.#large, holders: 0 }, 'large'))
    }
    return lanes
  }

  /** A home with its demo world and so many users, its server stopped. */
  async #filled(engine: Engine, size: 'small' | 'large', users: number) {
    say(`${engine}: ${users.toLocaleString('en')} users`)
    const home = join(this.#folder, `${engine}-${size}`)
    if (engine === 'postgres') this.#postgres ??= await openPostgres()
    const database =
      engine === 'sqlite' ? `sqlite:${join(home, 'countersign.db')}` : await this.#postgres!.create(`bench_${size}`)
    const place = { home, database }
    const first = await startOurServer(place)
    await first.stop()
    const wants = (names: readonly string[]) => size === 'small' && names.some(lane => this.#wants(`${engine}.${lane}`))
    const special = {
      phones: wants(approvalLaneNames),
      signIn: wants(signInLaneNames),
      passkeys: wants(passkeyLaneNames),
    }
    await seed(place, { users, holders: size === 'small' ? HOLDERS : 0, ...special })
    return place
  }

  async #profileLane(engine: Engine, name: string): Promise<void> {
    const place = await this.#filled(engine, 'small', SMALL)
    const folder = join(this.#folder, 'profile', `${engine}.${name}`)
    mkdirSync(folder, { recursive: true })
    const server: OurServer = await startOurServer(place, [
      '--cpu-prof',
      '--cpu-prof-interval',
      '500',
      '--cpu-prof-dir',
      folder,
    ])
    const started = performance.now() - server.ready_ms
    let skip_ms = 0
    const load = new LoadProcess()
    try {
      const ours = { engine, server, database: this.#databaseOf(engine), users: SMALL, holders: HOLDERS }
      const lane = smallLanes(ours, place.home).find(one => one.name === `${engine}.${name}`)
      if (lane) {
        skip_ms = performance.now() - started + WARM_MS
        const result = await new Rounds(load).once(lane, WARM_MS, this.#given.quick ? 5000 : 10_000)
        console.log(`\n${lane.name}: ${Math.round(result.perSecond).toLocaleString('en')}/s under the profiler`)
      }
    } finally {
      load.close()
      await server.stop()
    }
    for (const line of profileLines(folder, skip_ms)) console.log(line)
    rmSync(place.home, { recursive: true, force: true })
  }

  #databaseOf = (engine: Engine): number | undefined => (engine === 'postgres' ? this.#postgres?.pid : undefined)

  #kept<S extends ServerProcess>(server: S): S {
    this.#started.push(server)
    return server
  }
}

const smallLanes = (ours: Ours, home: string): readonly Lane[] => [
  ...tokenLanes(ours),
  ...approvalLanes(ours, home),
  ...signInLanes(ours, home),
  ...passkeyLanes(ours, home),
  searchLane(ours, 'small'),
]

function say(line: string): void {
  console.error(line)
}

const given = readBenchArguments(process.argv.slice(2))
if (!given) {
  console.error(USAGE)
  process.exit(2)
}
moveToCore(LOAD_CORE, process.pid)
const folder = mkdtempSync(join(tmpdir(), 'countersign-bench-'))
const bench = new Bench(given, folder)
try {
  await (given.profile ? bench.profile() : bench.measure())
} finally {
  await bench.stop()
  rmSync(folder, { recursive: true, force: true })
}
