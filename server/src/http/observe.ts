/**
 * What the operator's tools ask: `/healthz` (the process answers), `/readyz` (it can do its work), `/metrics` (Prometheus text).
 * Metrics are for the operator only. With a token in the settings they need it as a bearer token. Without one they are shown only
 * to loopback, and only when the public origin is itself on loopback: behind a proxy on the same machine every request of the world
 * comes from loopback. Whoever may not see them gets the same 404 as at an unknown address.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Registry } from 'prom-client'
import Type from 'typebox'
import { Refusal } from '#domain/refusal.ts'
import { bearerOf } from '#http/bearer.ts'
import { neutralDialect } from '#http/dialect.ts'
import type { Door } from '#http/door.ts'
import { anyone, clientProof, endpoint, type Situation } from '#http/endpoint.ts'
import type { Traffic } from '#http/traffic.ts'

export interface Readiness {
  readonly ok: boolean
  /** What was asked and what it said: `store: reachable`. Shown to anyone, so no addresses and no names. */
  readonly checks: Readonly<Record<string, string>>
}

export interface ObserveNeeds {
  readonly ready: () => Promise<Readiness>
  readonly metrics: { readonly token?: string }
  /** The process's own figures as Prometheus text. */
  readonly figures: () => Promise<string>
  readonly traffic: Traffic
}

/** Loaded and gathered from the first scrape on: a server that nobody scrapes does not pay for it, at start or at rest. */
export function processFigures(): () => Promise<string> {
  let opening: Promise<Registry> | undefined
  return async () => {
    opening ??= openRegistry()
    return (await opening).metrics()
  }
}

async function openRegistry(): Promise<Registry> {
  const { collectDefaultMetrics, Registry } = (await import('prom-client')).default
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  return registry
}

export function observeDoor(needs: ObserveNeeds): Door {
  return { name: 'observe', endpoints: [healthz, readyz, metrics], needs, dialect: neutralDialect }
}

const PLAIN = 'text/plain;charset=UTF-8'

const healthz = endpoint({
  method: 'GET',
  path: '/healthz',
  summary: 'The process is alive.',
  access: anyone('it tells nothing but that it answers'),
  answers: { status: 200, shape: Type.String(), type: PLAIN },
  refusals: [],
  handle: async () => ({ body: 'ok\n' }),
})

const readyz = endpoint({
  method: 'GET',
  path: '/readyz',
  summary: 'Whether the server can do its work: 200 when all checks are good, else 503.',
  access: anyone('load balancers ask it'),
  answers: {
    status: 200,
    shape: Type.Object({ ok: Type.Boolean(), checks: Type.Record(Type.String(), Type.String()) }),
  },
  refusals: [],
  async handle(_request, _situation, needs: ObserveNeeds) {
    const { checks, ok } = await needs.ready()
    return { status: ok ? 200 : 503, body: { ok, checks } }
  },
})

const metrics = endpoint({
  method: 'GET',
  path: '/metrics',
  summary: 'Counters and durations as Prometheus text.',
  access: clientProof('the token of the settings, or loopback of a server that is public on loopback only'),
  answers: { status: 200, shape: Type.String(), type: 'text/plain; version=0.0.4; charset=utf-8' },
  refusals: ['not_found'],
  async handle(_request, situation: Situation, needs: ObserveNeeds) {
    if (!mayScrape(situation, needs.metrics.token)) throw new Refusal('not_found')
    return { body: (await needs.figures()) + needs.traffic.text() }
  },
})

function mayScrape(situation: Situation, token: string | undefined): boolean {
  if (token === undefined) return isLoopback(situation.source) && isLoopback(new URL(situation.origin).hostname)
  const given = bearerOf(situation.headers.authorization)
  return given !== undefined && timingSafeEqual(digest(given), digest(token))
}

const digest = (text: string) => createHash('sha256').update(text).digest()

const isLoopback = (host: string) =>
  host === 'localhost' || host === '::1' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host)
