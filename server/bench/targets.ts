/** What the figures are held against: ratios within one run, and two bounds on the process itself. */
import { type Measured, median, medianOf, ratioOf } from './rounds.ts'

export interface StartAndRest {
  /** Starts of a server on an existing database until /readyz is good. */
  readonly ready_ms: readonly number[]
  readonly idle_mb: number
}

export interface Target {
  readonly name: string
  readonly value: string
  readonly wanted: string
  readonly met: boolean
}

export function targetsOf(measured: readonly Measured[], rest: StartAndRest | undefined): readonly Target[] {
  const found = (name: string) => measured.find(one => one.lane.name === name)
  const targets: Target[] = []
  const times = (name: string, one: string, other: string, least: number) => {
    const [a, b] = [found(one), found(other)]
    if (!a || !b) return
    const ratio = ratioOf(a, b)
    targets.push({ name, value: `${ratio.toFixed(2)} ×`, wanted: `≥ ${least} ×`, met: ratio >= least })
    sameByProcessor(b, a)
  }
  /** The same ratio by processor time, which other work on the machine disturbs less than throughput. Only told. */
  const sameByProcessor = (one: Measured, other: Measured) => {
    const ratio = medianOf(one, round => round.server_us) / medianOf(other, round => round.server_us)
    targets.push({
      name: '  the same by processor time of the server',
      value: `${ratio.toFixed(2)} ×`,
      wanted: '',
      met: true,
    })
  }
  const most = (name: string, value: number, bound: number, unit: string, digits: number) =>
    targets.push({
      name,
      value: `${value.toFixed(digits)}${unit}`,
      wanted: `≤ ${bound.toFixed(digits)}${unit}`,
      met: value <= bound,
    })

  times('client_credentials / oidc-provider, FULL', 'sqlite.client_credentials', 'oidc.full', 4)
  times('client_credentials / oidc-provider, in memory', 'sqlite.client_credentials', 'oidc.memory', 1.6)
  times('OTP with token / client_credentials of oidc-provider, in memory', 'sqlite.otp', 'oidc.memory', 1.2)
  for (const [alg, full, memory] of [
    ['RS256', 2, 1.2],
    ['ES256', 2.5, 1.4],
  ] as const) {
    const lane = `approval_${alg.toLowerCase()}`
    times(`approval with ${alg} / oidc-provider, FULL`, `sqlite.${lane}`, `oidc.full.${lane}`, full)
    times(`approval with ${alg} / oidc-provider, in memory`, `sqlite.${lane}`, `oidc.memory.${lane}`, memory)
  }
  for (const [lane, what, full, memory] of [
    ['par', 'PAR', 5, 2.2],
    ['sign_in_rs256', 'sign-in with RS256', 3, 2],
    ['sign_in_es256', 'sign-in with ES256', 3, 2],
  ] as const) {
    times(`${what} / oidc-provider, FULL`, `sqlite.${lane}`, `oidc.full.${lane}`, full)
    times(`${what} / oidc-provider, in memory`, `sqlite.${lane}`, `oidc.memory.${lane}`, memory)
  }
  for (const engine of ['sqlite', 'postgres']) {
    const [small, large] = [found(`${engine}.search_small`), found(`${engine}.search_large`)]
    if (!small || !large) continue
    most(`time of a search among many / among 10,000, ${engine}`, ratioOf(small, large), 1.15, ' ×', 2)
    sameByProcessor(large, small)
  }
  if (rest) {
    most('start to /readyz with an existing database', median(rest.ready_ms) / 1000, 1, ' s', 2)
    most('resident when idle', rest.idle_mb, 120, ' MB', 0)
  }
  return targets
}
