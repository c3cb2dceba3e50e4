/**
 * Counts requests and their durations by endpoint, cheaply enough to do it for every request: plain arrays, no label look-up.
 * Written as Prometheus text (exposition format 0.0.4). Labels are the door's name, method, path template and status class:
 * never a tenant, an id, an address or anything else a request brought along.
 */

/** Upper bounds of the duration buckets in milliseconds. */
const BOUNDS_MS = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 1000, 5000] as const

/** What one endpoint has seen since start. */
export class Tally {
  readonly labels: string
  /** Answers by the first digit of their status. */
  readonly classes = new Float64Array(6)
  /** One bucket more than bounds: the last holds what took longer. */
  readonly buckets = new Float64Array(BOUNDS_MS.length + 1)
  sum_ms = 0

  constructor(door: string, method: string, path: string) {
    this.labels = `door="${door}",method="${method}",path="${path}"`
  }

  note(status: number, took_ms: number): void {
    const digit = (status / 100) | 0
    if (digit >= 1 && digit <= 5) this.classes[digit]! += 1
    let bucket = 0
    while (bucket < BOUNDS_MS.length && took_ms > BOUNDS_MS[bucket]!) bucket++
    this.buckets[bucket]! += 1
    this.sum_ms += took_ms
  }
}

/** All tallies of one carrier. */
export class Traffic {
  readonly #tallies: Tally[] = []

  tally(door: string, method: string, path: string): Tally {
    const tally = new Tally(door, method, path)
    this.#tallies.push(tally)
    return tally
  }

  /** Prometheus text; endpoints that saw nothing are left out. */
  text(): string {
    const seen = this.#tallies.filter(tally => tally.classes.some(count => count > 0))
    return [
      '# HELP http_requests_total Requests answered, by endpoint and status class.',
      '# TYPE http_requests_total counter',
      ...seen.flatMap(countLines),
      '# HELP http_request_duration_seconds From the routed request to the written answer.',
      '# TYPE http_request_duration_seconds histogram',
      ...seen.flatMap(durationLines),
      '',
    ].join('\n')
  }
}

function countLines(tally: Tally): string[] {
  const lines: string[] = []
  for (let digit = 1; digit <= 5; digit++) {
    const count = tally.classes[digit]!
    if (count > 0) lines.push(`http_requests_total{${tally.labels},status="${digit}xx"} ${count}`)
  }
  return lines
}

function durationLines(tally: Tally): string[] {
  let below = 0
  const lines = BOUNDS_MS.map((bound, place) => {
    below += tally.buckets[place]!
    return `http_request_duration_seconds_bucket{${tally.labels},le="${bound / 1000}"} ${below}`
  })
  const total = below + tally.buckets[BOUNDS_MS.length]!
  lines.push(
    `http_request_duration_seconds_bucket{${tally.labels},le="+Inf"} ${total}`,
    `http_request_duration_seconds_sum{${tally.labels}} ${tally.sum_ms / 1000}`,
    `http_request_duration_seconds_count{${tally.labels}} ${total}`,
  )
  return lines
}
