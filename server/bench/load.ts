/**
 * The load process: takes a job, holds its connections busy for the time asked, answers what it saw. It runs on a core of
 * its own; processor time of the servers is read here, at the very moments when the clock starts and stops.
 */
import { type Answer, Connection } from './connection.ts'
import { type RequestPlan, requestsOf } from './request-plan.ts'
import { processor_us, processorOfFamily_us } from './usage.ts'
import type { Turn } from './written-request.ts'

export interface LoadJob {
  readonly port: number
  readonly connections: number
  readonly warm_ms: number
  readonly measure_ms: number
  /** The round is over when so many were sent. */
  readonly most: number
  readonly plan: RequestPlan
  readonly server: number
  /** The first process of the database beside the server, if there is one. */
  readonly database: number | undefined
}

export interface LoadResult {
  readonly operations: number
  readonly perSecond: number
  readonly p50_ms: number
  readonly p99_ms: number
  readonly server_us: number
  readonly database_us: number
  /** The share of its core that this process used; near 1 it was the load that was measured. */
  readonly loadShare: number
  /** Turns taken from the plan, warming up included: the next round of one-time codes goes on behind them. */
  readonly sent: number
  readonly failure: string | undefined
}

/** Turns made before the clock starts. Codes, approvals and sign-ins never come round again, the others do. */
const READY = {
  same: 1,
  otp: Number.MAX_SAFE_INTEGER,
  search: 40_000,
  approval: Number.MAX_SAFE_INTEGER,
  'peer approval': Number.MAX_SAFE_INTEGER,
  'sign-in': Number.MAX_SAFE_INTEGER,
  'peer sign-in': Number.MAX_SAFE_INTEGER,
  passkey: Number.MAX_SAFE_INTEGER,
} as const

process.on('disconnect', () => process.exit(0))

process.on('message', (job: LoadJob) => {
  run(job).then(
    result => process.send?.({ result }),
    (error: Error) => process.send?.({ error: error.message }),
  )
})

function run(job: LoadJob): Promise<LoadResult> {
  const plan = requestsOf(job.plan)
  const ready = Array.from({ length: Math.min(job.most, READY[job.plan.kind]) }, () => plan.next().value)
  const latencies: number[] = []
  let sent = 0
  let busy = 0
  let phase: 'warming' | 'measuring' | 'ended' = 'warming'
  let failure: string | undefined
  let before = snapshot(job)
  let after = before

  return new Promise((resolve, reject) => {
    const end = () => {
      if (phase === 'ended') return
      after = snapshot(job)
      phase = 'ended'
    }
    const finish = () => {
      for (const connection of connections) connection.close()
      resolve(resultOf(before, after, latencies, sent, failure))
    }
    const next = (connection: Connection) => {
      if (sent >= job.most) end()
      if (phase === 'ended') {
        busy -= 1
        if (busy === 0) finish()
        return
      }
      const turn = ready[sent % ready.length] as Turn
      sent += 1
      const started = performance.now()
      walk(connection, turn, refused => {
        failure ??= refused
        if (phase === 'measuring') latencies.push(performance.now() - started)
        next(connection)
      })
    }
    const connections = Array.from({ length: job.connections }, () => new Connection(job.port, reject))
    busy = connections.length
    setTimeout(() => {
      if (phase !== 'warming') return
      before = snapshot(job)
      phase = 'measuring'
      setTimeout(end, job.measure_ms)
    }, job.warm_ms)
    for (const connection of connections) next(connection)
  })
}

/** Sends a turn, request after request; over with the last answer, or with the first that is neither a success nor a redirect. */
function walk(connection: Connection, turn: Turn, over: (refused: string | undefined) => void): void {
  const send = (request: Buffer): void =>
    connection.send(request, answer => {
      if (answer.status >= 200 && answer.status < 400) go(answer)
      else over(`${answer.status} ${answer.body.slice(0, 300)}`)
    })
  const go = (answer: Answer): void => {
    const step = Buffer.isBuffer(turn) ? undefined : turn.next(answer)
    if (!step || step.done) over(undefined)
    else send(step.value)
  }
  if (Buffer.isBuffer(turn)) send(turn)
  else go(NOTHING_YET)
}

const NOTHING_YET: Answer = { status: 0, head: '', body: '' }

interface Snapshot {
  readonly at_ms: number
  readonly server_us: number
  readonly database_us: number
  readonly own: NodeJS.CpuUsage
}

const snapshot = ({ server, database }: LoadJob): Snapshot => ({
  at_ms: performance.now(),
  server_us: processor_us(server),
  database_us: database === undefined ? 0 : processorOfFamily_us(database),
  own: process.cpuUsage(),
})

function resultOf(
  before: Snapshot,
  after: Snapshot,
  latencies: readonly number[],
  sent: number,
  failure: string | undefined,
): LoadResult {
  const seconds = (after.at_ms - before.at_ms) / 1000
  const sorted = Float64Array.from(latencies).sort()
  const operations = Math.max(1, sorted.length)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  const own_us = after.own.user + after.own.system - before.own.user - before.own.system
  return {
    operations: sorted.length,
    perSecond: sorted.length / seconds,
    p50_ms: at(0.5),
    p99_ms: at(0.99),
    server_us: (after.server_us - before.server_us) / operations,
    database_us: (after.database_us - before.database_us) / operations,
    loadShare: own_us / 1e6 / seconds,
    sent,
    failure,
  }
}
