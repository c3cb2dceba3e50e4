/**
 * What every gateway promises, against a real endpoint and a real store: what arrives is right, a refusal or a dead other side
 * hurts nobody else, nothing is sent twice that was taken, no secret is told. A gateway's test runs all cases in three lines.
 */
import assert from 'node:assert/strict'
import type { Candidate } from '#delivery/conformance/candidate.ts'
import { endless, garbled, openEndpoint, silent, statusOf, trickling } from '#delivery/conformance/endpoint.ts'
import { type Ground, openWorld, TENANT, type World } from '#delivery/conformance/world.ts'
import { rowsOf } from '#domain/ports/store.ts'

export interface GatewayCase {
  readonly title: string
  check(world: World, candidate: Candidate, ground: Ground): Promise<void>
}

export async function runCase({ check }: GatewayCase, ground: Ground, candidate: Candidate): Promise<void> {
  const world = await openWorld(ground, candidate)
  await check(world, candidate, ground).finally(world.close)
}

const textsOf = ({ endpoint, now }: World, candidate: Candidate) =>
  endpoint.received.map(one => candidate.open(one, now()))
const traceOf = async (world: World, id: number) =>
  (await world.trace(id)).map(({ outcome, status }) => [outcome, status]).reverse()

export const gatewayCases: readonly GatewayCase[] = [
  {
    title: 'delivered: the other side can check and open it; the row is done and holds no bytes any more',
    async check(world, candidate) {
      await world.add(1)
      await world.after(0)
      assert.deepEqual(textsOf(world, candidate), ['planted 1'])
      const row = await world.row(1)
      assert.deepEqual([row?.state, row?.body, row?.attempt], ['DONE', null, 1])
      assert.deepEqual(await traceOf(world, 1), [['delivered', 201]])
      assert.deepEqual(
        world.outcomes.map(({ name, state }) => [name, state]),
        [['delivered', 'DONE']],
      )
    },
  },
  {
    title: 'refused: a subscription is given up at once, a client is asked again until the time is over',
    async check(world, candidate) {
      world.endpoint.answer(...Array.from({ length: 20 }, () => statusOf(400, {}, 'planted in the answer')))
      await world.add(1, { lasts_ms: 5000 })
      for (const ms of [0, 2000, 3000, 9000]) await world.after(ms)
      const attempts = await traceOf(world, 1)
      if (candidate.subscribed) assert.deepEqual(attempts, [['unusable', 400]])
      else
        assert.deepEqual(attempts.slice(0, 2), [
          ['refused', 400],
          ['refused', 400],
        ])
      assert.equal((await world.row(1))?.state, 'GAVE_UP')
    },
  },
  {
    title: 'gone: who forgets the subscription is told once',
    async check(world, candidate) {
      if (!candidate.subscribed) return
      for (const [id, status] of [
        [1, 404],
        [2, 410],
      ] as const) {
        world.endpoint.answer(statusOf(status))
        await world.add(id)
        await world.after(0)
        await world.after(60_000)
        assert.deepEqual(await traceOf(world, id), [['gone', status]])
      }
      assert.deepEqual(
        world.outcomes.map(({ name }) => name),
        ['gone', 'gone'],
      )
    },
  },
  {
    title: 'throttled: not before Retry-After, and then the same message',
    async check(world, candidate) {
      world.endpoint.answer(statusOf(429, { 'retry-after': '30' }))
      await world.add(1)
      await world.after(0)
      await world.after(29_000)
      assert.equal(world.endpoint.received.length, 1)
      await world.after(1000)
      assert.deepEqual(textsOf(world, candidate), ['planted 1', 'planted 1'])
      assert.deepEqual(await traceOf(world, 1), [
        ['throttled', 429],
        ['delivered', 201],
      ])
      assert.deepEqual(world.prepared, [1])
    },
  },
  {
    title: 'failed, then recovered: later and later, never prepared again',
    async check(world, candidate) {
      world.endpoint.answer(statusOf(500), statusOf(503, { 'retry-after': 'soon' }), statusOf(502))
      await world.add(1)
      for (const ms of [0, 999, 251, 2500, 5000]) await world.after(ms)
      assert.deepEqual(await traceOf(world, 1), [
        ['failed', 500],
        ['failed', 503],
        ['failed', 502],
        ['delivered', 201],
      ])
      assert.deepEqual(new Set(textsOf(world, candidate)), new Set(['planted 1']))
      assert.deepEqual(world.prepared, [1])
    },
  },
  {
    title: 'a hanging and a trickling other side cost ten seconds of nobody but themselves',
    async check(world, candidate) {
      world.endpoint.answer(silent, trickling)
      await world.add(1)
      await world.add(2)
      const hanging = world.after(0)
      while (world.endpoint.received.length < 2) await new Promise(resolve => setTimeout(resolve, 5))
      await world.add(3)
      const other = world.another()
      await other.tick()
      await other.idle()
      await other.stop()
      assert.equal((await world.row(3))?.state, 'DONE')
      assert.ok(textsOf(world, candidate).includes('planted 3'))
      await hanging
      for (const id of [1, 2]) assert.deepEqual(await traceOf(world, id), [['timeout', null]])
    },
  },
  {
    title: 'redirects are not followed',
    async check(world) {
      const inside = await openEndpoint()
      world.endpoint.answer(...[301, 307, 308].map(status => statusOf(status, { location: inside.url })))
      for (const id of [1, 2, 3]) await world.add(id)
      await world.after(0)
      for (const id of [1, 2, 3]) assert.equal((await traceOf(world, id))[0]?.[0], 'redirected')
      assert.equal(inside.received.length, 0)
      await inside.close()
    },
  },
  {
    title: 'an endless body is not read, too many headers and what is no HTTP are failures',
    async check(world) {
      world.endpoint.answer(endless, statusOf(200, { x: 'y'.repeat(9000) }), garbled)
      for (const id of [1, 2, 3]) {
        await world.add(id)
        await world.after(0)
      }
      const ends = await Promise.all([1, 2, 3].map(id => traceOf(world, id)))
      assert.deepEqual(ends, [[['delivered', 200]], [['failed', null]], [['failed', null]]])
    },
  },
  {
    title: 'no secret in a log, a trace or an outcome, and none readable in the store',
    async check(world, candidate, { store, rows }) {
      world.endpoint.answer(statusOf(500, {}, candidate.secrets.join()), statusOf(403, { x: 'planted' }))
      await world.add(1)
      await world.after(0)
      await world.add(2, { lasts_ms: 1, url: 'http://10.0.0.1/planted' })
      await world.add(3, { lasts_ms: 1 })
      await world.after(0)
      const kept = await store.read(TENANT, () => rowsOf(rows.about(TENANT, 'wake', 1)))
      const traces = await Promise.all([1, 2, 3].map(world.trace))
      const bodies = kept.map(({ body }) => Buffer.from(body ?? []).toString('latin1'))
      assert.notEqual(bodies[0], '')
      const everything = JSON.stringify([world.told, world.outcomes, traces]) + bodies.join()
      for (const secret of candidate.secrets) assert.ok(!everything.includes(secret), secret)
      assert.ok(!everything.includes('10.0.0.1'))
    },
  },
  {
    title: 'all dead, then back: the queue drains, and nothing that was taken comes twice',
    async check(world, candidate) {
      const ids = Array.from({ length: 30 }, (_, n) => n + 1)
      const { port } = new URL(world.endpoint.url)
      await world.endpoint.close()
      for (const id of ids) await world.add(id, { destination: `client:${id % 3}` })
      for (let n = 0; n < 20; n++) await world.after(1000)
      for (const id of ids) assert.equal((await world.row(id))?.state, 'WAITING')
      const back = await openEndpoint(Number(port))
      for (let n = 0; n < 40 && back.received.length < ids.length; n++) await world.after(10_000)
      await world.after(60_000)
      const texts = back.received.map(one => candidate.open(one, world.now()))
      await back.close()
      assert.deepEqual(texts.sort(), ids.map(id => `planted ${id}`).sort())
      assert.deepEqual([...new Set(world.prepared)].length, world.prepared.length)
      for (const id of ids) assert.equal((await world.row(id))?.state, 'DONE')
    },
  },
]
