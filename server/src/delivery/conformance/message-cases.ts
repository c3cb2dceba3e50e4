/**
 * What every road to people promises, against real servers and a real store: what arrives is what was said, another gateway steps in for
 * one that is down, nothing goes out twice that may have been taken, decoys go nowhere, no secret is told.
 */
import assert from 'node:assert/strict'
import { type MessageCandidate, type MessageWorld, openMessageWorld } from '#delivery/conformance/message-world.ts'
import type { Ground } from '#delivery/conformance/world.ts'
import { rowsOf } from '#domain/ports/store.ts'

export interface MessageCase {
  readonly title: string
  readonly demo?: true
  check(world: MessageWorld, ground: Ground, candidate: MessageCandidate): Promise<void>
}

export async function runMessageCase(one: MessageCase, ground: Ground, candidate: MessageCandidate): Promise<void> {
  const world = await openMessageWorld(ground, candidate, one.demo ? { demo: true } : {})
  await one.check(world, ground, candidate).finally(world.close)
}

const both = (world: MessageWorld, { sealer }: Ground) => [
  world.one.gateway('FIRST', sealer, { priority: 1 }),
  world.other.gateway('SECOND', sealer, { priority: 2 }),
]
const stateOf = async (world: MessageWorld, id: number) => (await world.row(id))?.state

export const messageCases: readonly MessageCase[] = [
  {
    title: 'delivered: it arrives as it was written, in any script; the row is done and holds no bytes any more',
    async check(world, ground, { to, method }) {
      world.gateways = both(world, ground)
      const text = 'Ihr Code: 123456 — "für" O’Neil & Söhne\n\\ {$to} 漢字 🙂'
      await world.add(1, { text, ...(method === 'email' ? { subject: 'Größe: "Code"' } : {}) })
      await world.after(0)
      assert.deepEqual(world.one.taken, [{ to, text, ...(method === 'email' ? { subject: 'Größe: "Code"' } : {}) }])
      assert.equal(world.other.calls, 0)
      const row = await world.row(1)
      assert.deepEqual([row?.state, row?.body], ['DONE', null])
      assert.deepEqual(await world.trace(1), ['delivered'])
    },
  },
  {
    title: 'E1: a decoy goes nowhere, and its row is dropped without its bytes',
    async check(world, ground) {
      world.gateways = both(world, ground)
      await world.add(1, { decoy: true })
      await world.after(0)
      const row = await world.row(1)
      assert.deepEqual([row?.state, row?.body], ['DROPPED', null])
      assert.equal(world.one.calls + world.other.calls, 0)
    },
  },
  {
    title: 'the next gateway steps in, in the same attempt; one that is off is never asked',
    async check(world, ground) {
      world.one.mood = 'busy'
      world.gateways = [
        world.other.gateway('OFF', ground.sealer, { priority: 0, enabled: false }),
        ...both(world, ground),
      ]
      await world.add(1)
      await world.after(0)
      assert.deepEqual([world.one.taken.length, world.other.taken.length], [0, 1])
      assert.deepEqual(await world.trace(1), ['delivered'])
    },
  },
  {
    title: 'a gateway that fails is passed over, and rests after five failures',
    async check(world, ground) {
      world.gateways = both(world, ground)
      world.one.mood = 'busy'
      for (let id = 1; id <= 8; id++) {
        await world.add(id)
        await world.after(0)
      }
      assert.deepEqual([world.one.calls, world.other.taken.length], [5, 8])
    },
  },
  {
    title: 'nobody listens: the next one steps in; nobody at all: tried again',
    async check(world, ground) {
      const gateways = both(world, ground)
      world.gateways = gateways
      await world.one.close()
      await world.add(1)
      await world.after(0)
      assert.equal(world.other.taken.length, 1)
      world.gateways = gateways.slice(0, 1)
      await world.add(2)
      await world.after(0)
      assert.deepEqual([await stateOf(world, 2), await world.trace(2)], ['WAITING', ['unreachable']])
    },
  },
  {
    title: 'the policy’s order of gateways wins over their own',
    async check(world, ground) {
      world.gateways = both(world, ground)
      await world.add(1, { gateways: ['SECOND', 'FIRST'] })
      await world.after(0)
      assert.deepEqual([world.one.calls, world.other.taken.length], [0, 1])
    },
  },
  {
    title: 'all are busy: it is tried again, with the same words, until its time is over',
    async check(world, ground) {
      world.one.mood = 'busy'
      world.other.mood = 'busy'
      world.gateways = both(world, ground)
      await world.add(1)
      await world.add(2, { lasts_ms: 20_000 })
      await world.after(0)
      assert.equal(await stateOf(world, 1), 'WAITING')
      world.other.mood = 'take'
      await world.after(21_000)
      assert.deepEqual(
        world.other.taken.map(({ text }) => text),
        ['planted 1'],
      )
      assert.deepEqual([await stateOf(world, 1), await stateOf(world, 2)], ['DONE', 'DROPPED'])
    },
  },
  {
    title: 'what may have been taken is given to no other gateway and never again',
    async check(world, ground) {
      world.one.mood = 'mute'
      world.gateways = both(world, ground)
      await world.add(1)
      await world.after(0)
      await world.after(60_000)
      assert.deepEqual([world.one.calls, world.other.calls], [1, 0])
      assert.deepEqual([await stateOf(world, 1), await world.trace(1)], ['GAVE_UP', ['uncertain']])
    },
  },
  {
    title: 'C2: a gateway on a network of our own is not called',
    async check(world, ground, candidate) {
      const [first] = both(world, ground)
      assert.ok(first)
      world.gateways = [candidate.inside(first)]
      await world.add(1)
      await world.after(0)
      assert.deepEqual(await world.trace(1), ['address_refused'])
      assert.equal(world.one.calls, 0)
    },
  },
  {
    title: 'without a gateway there is no road',
    async check(world) {
      await world.add(1)
      await world.after(0)
      assert.deepEqual([await stateOf(world, 1), await world.trace(1)], ['DROPPED', ['no_gateway']])
    },
  },
  {
    title: 'in the demo it ends in the inbox, unless there is a gateway',
    demo: true,
    async check(world, ground, { to, method }) {
      await world.add(1)
      await world.after(0)
      assert.deepEqual(world.inbox, [{ to, kind: method, text: 'planted 1', at: '2026-05-28T20:26:40.000Z' }])
      world.gateways = both(world, ground)
      await world.add(2)
      await world.after(0)
      assert.deepEqual([world.inbox.length, world.one.taken.length], [1, 1])
    },
  },
  {
    title: 'H1: no secret, text or address in a log, a trace or an outcome, and none readable in the store',
    async check(world, ground, candidate) {
      world.one.mood = 'never'
      world.other.mood = 'busy'
      world.gateways = both(world, ground)
      await world.add(1)
      await world.after(0)
      const kept = await ground.store.read(1, () => rowsOf(ground.rows.about(1, 'message', 1)))
      const bodies = kept.map(({ body }) => Buffer.from(body ?? []).toString('latin1'))
      const everything = JSON.stringify([world.told, await world.trace(1)]) + bodies.join()
      for (const secret of ['planted', candidate.to, ...candidate.secrets])
        assert.ok(!everything.includes(secret), secret)
    },
  },
]
