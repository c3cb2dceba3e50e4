/** The figures as a table for the terminal and as results.md: the same text, so that the paper cannot say more than the run. */
import type { Machine } from './machine.ts'
import { CONNECTIONS, type Measured, medianOf, type Pace } from './rounds.ts'
import type { Target } from './targets.ts'

export interface Report {
  readonly at: Date
  readonly machine: Machine
  readonly pace: Pace
  readonly measured: readonly Measured[]
  readonly targets: readonly Target[]
}

const WIDE = 0.95

export function reportText({ at, machine, pace, measured, targets }: Report): string {
  return [
    '# What a request costs',
    '',
    `Measured ${at.toISOString().slice(0, 10)} by \`npm run bench\` in one run: ${pace.rounds} rounds of ${pace.measure_ms / 1000} s per lane,`,
    `lanes taking turns, medians over the rounds; ${CONNECTIONS} keep-alive connections, one request at a time on each.`,
    '',
    ...machineLines(machine),
    '',
    ...table(
      ['lane', 'what', 'per second', 'server µs', 'database µs', 'p50 ms', 'p99 ms', 'MB', 'load'],
      measured.map(rowOf),
    ),
    '',
    '*server µs*: processor time of our (or the peer’s) process per operation, all threads; *database µs*: the same of',
    'PostgreSQL; *MB*: resident after its last round; *load*: share of its core that the load generator used',
    `(near 1 the load was the limit, not the server).`,
    '',
    ...(targets.length > 0
      ? table(
          ['ratio or bound', 'measured', 'wanted', ''],
          targets.map(({ name, value, wanted, met }) => [
            name,
            value,
            wanted,
            wanted === '' ? '' : met ? 'reached' : 'not reached',
          ]),
        )
      : []),
    '',
  ].join('\n')
}

function rowOf(one: Measured): readonly string[] {
  const load = medianOf(one, round => round.loadShare)
  const database = medianOf(one, round => round.database_us)
  return [
    one.lane.name,
    one.lane.what,
    Math.round(medianOf(one, round => round.perSecond)).toLocaleString('en'),
    medianOf(one, round => round.server_us).toFixed(1),
    database > 0 ? database.toFixed(1) : '',
    medianOf(one, round => round.p50_ms).toFixed(2),
    medianOf(one, round => round.p99_ms).toFixed(2),
    one.resident_mb.toFixed(0),
    `${load.toFixed(2)}${load > WIDE ? ' !' : ''}`,
  ]
}

function machineLines(m: Machine): readonly string[] {
  const cores = m.pinned
    ? 'the server alone on core 0; load and PostgreSQL on core 1'
    : 'nothing pinned, because taskset or a second core is missing: take the figures with care'
  return [
    `- ${m.processor}, ${m.cores} cores, ${m.memory_gb} GB; ${cores}`,
    `- ${m.fileSystem}; 4 kB durable (write, fdatasync) in ${m.fdatasync_us.toFixed(0)} µs`,
    `- Node ${m.node}, SQLite ${m.sqlite} (WAL, synchronous=FULL), ${m.postgres ?? 'no PostgreSQL'}, oidc-provider ${m.oidcProvider}`,
  ]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = head.map((cell, n) => Math.max(3, cell.length, ...rows.map(row => row[n]?.length ?? 0)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, n) => cell.padEnd(widths[n] ?? 0)).join(' | ')} |`
  return [line(head), `|${widths.map(width => '-'.repeat(width + 2)).join('|')}|`, ...rows.map(line)]
}
