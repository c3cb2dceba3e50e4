/**
 * A1 of the security rules: whoever can write to the database changes it in every way we know of, and the stand-alone
 * verifier finds it with one checkpoint kept outside. Each case first shows that the untouched store is clean.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engines } from '../fresh-store.ts'
import { type AuditWorld, auditWorld, event, raw } from './audit-world.ts'

const TENANT = 7
const QUIET = 8

describe.each(engines)('A1: on $name a stand-alone verifier', engine => {
  describe.skipIf(engine.absent)('detects', () => {
    let world: AuditWorld
    let node: Awaited<ReturnType<AuditWorld['start']>>
    let ids: number[]

    beforeEach(async () => {
      world = await auditWorld(engine)
      node = await world.start(1)
      // The quiet tenant is named by an early checkpoint only.
      await node.record(QUIET, event(100), event(101), event(102))
      await node.tick()
      ids = []
      for (let n = 0; n < 20; n++) ids.push(...(await node.record(TENANT, event(n, { personal: { USN: `user${n}` } }))))
      await node.tick()
      await node.record(TENANT, event(20))
      await node.tick()
      expect((await world.verify()).integrity).toEqual({ verdict: 'intact', findings: [], counts: {} })
      expect((await world.verify()).completeness).toMatchObject({ verdict: 'complete', void: 0, lost: 0 })
    })

    afterEach(() => world.close())

    async function broken(more = {}): Promise<Readonly<Record<string, number>>> {
      const report = await world.verify(more)
      expect(report.integrity.verdict).toBe('broken')
      return report.integrity.counts
    }

    it('a flipped bit in an event', async () => {
      const [row] = await world.run(
        raw<{ body: string }>('select body from audit_event where tenant_number = ?1 and id = ?2', TENANT, ids[4]),
      )
      const body = row!.body.replace('SUCCESS', 'SUCCESR')
      await world.run(
        raw('update audit_event set body = ?1 where tenant_number = ?2 and id = ?3', body, TENANT, ids[4]),
      )
      expect(await broken()).toEqual({ event_changed: 1 })
    })

    it('a flipped bit in a leaf, a salt, a MAC or a personal value', async () => {
      const bytes = new Uint8Array(32)
      await world.run(raw('update audit_seal set leaf = ?1 where tenant_number = ?2 and seq = 3', bytes, TENANT))
      await world.run(
        raw('update audit_event set salt = ?1 where tenant_number = ?2 and id = ?3', bytes, TENANT, ids[5]),
      )
      await world.run(
        raw('update audit_event set mac = ?1 where tenant_number = ?2 and id = ?3', bytes, TENANT, ids[6]),
      )
      await world.run(
        raw("update audit_personal set value = 'x' where tenant_number = ?1 and event_id = ?2", TENANT, ids[7]),
      )
      const counts = await broken()
      expect(counts).toMatchObject({ leaf_differs: 1, event_changed: 2, mac_wrong: 1, personal_changed: 1 })
      expect(counts.root_differs).toBeGreaterThan(0)
    })

    it('a dropped event', async () => {
      await world.run(raw('delete from audit_event where tenant_number = ?1 and id = ?2', TENANT, ids[9]))
      expect(await broken()).toEqual({ event_missing: 1 })
      expect((await world.verify()).completeness).toMatchObject({
        verdict: 'incomplete',
        counts: { number_missing: 1 },
      })
    })

    it('an event dropped with its seal', async () => {
      await world.run(raw('delete from audit_event where tenant_number = ?1 and id = ?2', TENANT, ids[9]))
      await world.run(raw('delete from audit_seal where tenant_number = ?1 and event_id = ?2', TENANT, ids[9]))
      expect(await broken()).toMatchObject({ sequence: 1, head_differs: 1 })
    })

    it('two swapped seals', async () => {
      await world.run(raw('update audit_seal set seq = 99 where tenant_number = ?1 and seq = 2', TENANT))
      await world.run(raw('update audit_seal set seq = 2 where tenant_number = ?1 and seq = 3', TENANT))
      await world.run(raw('update audit_seal set seq = 3 where tenant_number = ?1 and seq = 99', TENANT))
      expect((await broken()).root_differs).toBeGreaterThan(0)
    })

    it('two events with swapped numbers', async () => {
      const numberOf = async (id: number) =>
        (await world.run(raw<{ number: number }>('select number from audit_event where id = ?1', id)))[0]!.number
      const [a, b] = [await numberOf(ids[2]!), await numberOf(ids[3]!)]
      await world.run(raw('update audit_event set number = -1 where id = ?1', ids[2]))
      await world.run(raw('update audit_event set number = ?1 where id = ?2', a, ids[3]))
      await world.run(raw('update audit_event set number = ?1 where id = ?2', b, ids[2]))
      expect(await broken()).toEqual({ mac_wrong: 2 })
    })

    it('a tail cut off together with its head, its run and the checkpoints in the store', async () => {
      const late = await node.record(TENANT, event(21), event(22))
      const before = await rowsOfTree()
      await node.tick()
      await cutBackTo(before)
      await world.run(raw('delete from audit_event where id >= ?1', late[0]))
      expect(await broken()).toMatchObject({ truncated: 1, store_is_older: 1 })
      const unaware = await world.verify({ checkpoints: [] })
      expect(unaware.integrity.verdict).toBe('intact')
      expect(unaware.outside.sentence).toContain('No checkpoint from outside was given')
    })

    it('the cut tail of a tenant that the newest outside checkpoint does not name', async () => {
      const pinned = (await world.verify()).outside
      expect(pinned.checkpoints).toBe(1)
      await world.run(raw('delete from audit_seal where tenant_number = ?1 and seq = 2', QUIET))
      await world.run(raw('delete from audit_event where tenant_number = ?1 and id > 0', QUIET))
      await world.run(raw('delete from audit_head where tenant_number = ?1', QUIET))
      expect(await broken()).toMatchObject({ truncated: 1, event_missing: 2 })
    })

    it('a whole tenant removed', async () => {
      for (const table of ['audit_seal', 'audit_event', 'audit_head']) {
        await world.run(raw(`delete from ${table} where tenant_number = ?1`, QUIET))
      }
      expect((await broken()).truncated).toBeGreaterThan(0)
    })

    it('an event inserted without the key, even after the sealer took it', async () => {
      const [last] = await world.run(
        raw<{ number: number }>('select max(number) as "number" from audit_event where run = ?1', node.run),
      )
      await world.run(
        raw(
          `insert into audit_event (tenant_number, id, run, number, leaf, salt, mac, body)
           select tenant_number, id + 1000000, run, ?1, leaf, salt, mac, body from audit_event where id = ?2`,
          last!.number + 1,
          ids[0],
        ),
      )
      await node.tick()
      expect(await broken()).toEqual({ mac_wrong: 1, event_moved: 1 })
    })

    it('an event slipped in behind the seal', async () => {
      await world.run(
        raw(
          `insert into audit_event (tenant_number, id, run, number, leaf, salt, mac, body)
           select tenant_number, id + 1000000, run - 1, number, leaf, salt, mac, body from audit_event where id = ?1`,
          ids[0],
        ),
      )
      expect((await world.verify()).completeness.counts).toMatchObject({ run_missing: 1 })
    })

    it('an old copy put back', async () => {
      const before = await rowsOfTree()
      const late = await node.record(TENANT, event(23))
      await node.tick()
      await cutBackTo(before)
      await world.run(raw('delete from audit_event where id >= ?1', late[0]))
      expect(await broken()).toMatchObject({ truncated: 1, store_is_older: 1 })
    })

    it('an old copy put back and carried on with: another history under the same numbers', async () => {
      const before = await rowsOfTree()
      const late = await node.record(TENANT, event(23))
      await node.tick()
      await cutBackTo(before)
      await world.run(raw('delete from audit_event where id >= ?1', late[0]))
      const next = await world.start(1)
      await next.record(TENANT, event(24))
      world.clock.at += 10_000
      const kept = world.outside.slice(-1)
      await next.tick()
      await next.tick()
      expect((await broken({ checkpoints: kept })).checkpoint_forked).toBe(1)
    })

    it('a restore that was declared: its losses are counted, and not called tampering', async () => {
      const before = await rowsOfTree()
      const late = await node.record(TENANT, event(23), event(24))
      await node.tick()
      await cutBackTo(before)
      await world.run(raw('delete from audit_event where id >= ?1', late[0]))
      world.clock.at += 10_000
      const next = await world.start(1, { epoch: 2 })
      await next.record(TENANT, event(25))
      await next.tick()
      for (const checkpoints of [world.outside, world.outside.slice(-1)]) {
        const report = await world.verify({ checkpoints })
        expect(report.integrity).toMatchObject({ verdict: 'intact', counts: {} })
      }
      const report = await world.verify({ checkpoints: world.outside })
      expect(report.completeness).toMatchObject({ verdict: 'accounted', lostByRestore: 2 })
    })

    it('a history written anew with fitting heads, after the sealer signed it', async () => {
      const { GrowingTree } = await import('#audit/merkle.ts')
      const rows = await world.run(
        raw<{ leaf: Uint8Array; seq: number }>(
          'select seq, leaf from audit_seal where tenant_number = ?1 order by seq',
          TENANT,
        ),
      )
      const tree = new GrowingTree()
      for (const { leaf, seq } of rows) tree.append(seq === 5 ? new Uint8Array(32) : leaf)
      await world.run(
        raw('update audit_seal set leaf = ?1 where tenant_number = ?2 and seq = 5', new Uint8Array(32), TENANT),
      )
      await world.run(
        raw(
          'update audit_head set root = ?1, frontier = ?2 where tenant_number = ?3',
          tree.root(),
          tree.frontier(),
          TENANT,
        ),
      )
      const kept = world.outside.slice(-1)
      await node.record(TENANT, event(30))
      await node.tick()
      expect(await broken({ checkpoints: kept, macKey: undefined })).toMatchObject({ root_differs: 1, leaf_differs: 1 })
    })

    it('a checkpoint signed by a stranger, or changed', async () => {
      const [head, body, signature] = world.outside.at(-1)!.split('.')
      const other = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(body!, 'base64url').toString()), at: 1 }))
      const forged = `${head}.${other.toString('base64url')}.${signature}`
      expect(await broken({ checkpoints: [forged] })).toEqual({ checkpoint_unreadable: 1 })
      const none = Buffer.from('{"alg":"none","typ":"audit-checkpoint+jws"}').toString('base64url')
      expect(await broken({ checkpoints: [`${none}.${body}.`] })).toEqual({ checkpoint_unreadable: 1 })
    })

    it('a stalled sealer', async () => {
      await node.record(TENANT, event(31))
      world.clock.at += 19_000
      expect((await world.verify()).completeness).toMatchObject({ verdict: 'complete', numbers: { unsealed: 1 } })
      world.clock.at += 3_000
      expect((await world.verify()).completeness.counts).toEqual({ sealer_late: 1 })
    })

    it('nothing when a person was erased', async () => {
      const before = await world.verify()
      expect(before.read.erasedValues).toBe(0)
      await world.run(world.log.erasePerson(TENANT, 11072))
      const left = await world.run(raw('select value from audit_personal where tenant_number = ?1', TENANT))
      expect(left).toEqual([])
      const after = await world.verify()
      expect(after.integrity.verdict).toBe('intact')
      expect(after.read.erasedValues).toBe(20)
    })

    async function rowsOfTree() {
      const heads = await world.run(world.log.headsAfter(-1, 100))
      const [run] = await world.run(world.log.run(node.run))
      const [checkpoint] = await world.run(world.log.newestCheckpoint())
      return { heads, sealedTo: run!.sealedTo, checkpoint: checkpoint!.number }
    }

    async function cutBackTo({ heads, sealedTo, checkpoint }: Awaited<ReturnType<typeof rowsOfTree>>): Promise<void> {
      await world.run(raw('update audit_run set sealed_to = ?1 where run = ?2', sealedTo, node.run))
      await world.run(raw('delete from audit_checkpoint where number > ?1', checkpoint))
      for (const { tenant, size, root, frontier } of heads) {
        await world.run(raw('delete from audit_seal where tenant_number = ?1 and seq >= ?2', tenant, size))
        await world.run(
          raw(
            'update audit_head set size = ?1, root = ?2, frontier = ?3 where tenant_number = ?4',
            size,
            root,
            frontier,
            tenant,
          ),
        )
      }
    }
  })
})
