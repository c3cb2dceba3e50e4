/** Recording, sealing, gaps, crashes, two sealers, proofs and erasure, on each engine and over a store that is really written to. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { exportAudit, exportReader } from '#audit/audit-export.ts'
import { readCheckpoint } from '#audit/checkpoint.ts'
import { proveConsistency, proveEvent } from '#audit/event-proof.ts'
import { extendsTree, includes } from '#audit/merkle-proof.ts'
import { closeRun } from '#audit/run.ts'
import { storeReader } from '#audit/store-reader.ts'
import { verifyAudit } from '#audit/verify.ts'
import { type Store, type Unit, WHOLE_STORE } from '#domain/ports/store.ts'
import { engines } from '../fresh-store.ts'
import { type AuditWorld, auditWorld, event, raw } from './audit-world.ts'

const TENANT = 7

describe.each(engines)('the audit on $name', engine => {
  describe.skipIf(engine.absent)('', () => {
    let world: AuditWorld

    beforeEach(async () => {
      world = await auditWorld(engine)
    })

    afterEach(() => world.close())

    async function assertClean(): Promise<void> {
      const report = await world.verify({ checkpoints: world.outside })
      expect(report.integrity.findings).toEqual([])
      expect(report.completeness.findings).toEqual([])
    }

    it('seals in the order of numbers, names only what changed, and proves each event', async () => {
      const node = await world.start(1)
      await node.record(8, event(0))
      await node.tick()
      const ids: number[] = []
      for (let n = 0; n < 6; n++) {
        ids.push(...(await node.record(TENANT, ...Array.from({ length: 100 }, (_, i) => event(n * 100 + i)))))
      }
      await node.tick()
      const oldSize = 600
      const oldRoot = (await world.run(world.log.headsAfter(TENANT - 1, 1)))[0]!.root
      ids.push(...(await node.record(TENANT, event(600), event(601))))
      await node.tick()

      const seals = await world.run(
        raw<{ event_id: number }>('select event_id from audit_seal where tenant_number = ?1 order by seq', TENANT),
      )
      expect(seals.map(seal => Number(seal.event_id))).toEqual(ids)
      const last = readCheckpoint(world.outside.at(-1)!, world.publicKeys)
      expect(last).toMatchObject({ full: false, tenants: 2, heads: [[TENANT, 602, expect.any(String)]] })
      expect(readCheckpoint(world.outside[0]!, world.publicKeys)).toMatchObject({ number: 1, full: true, tenants: 0 })

      for (const seq of [0, 255, 256, 511, 512, 600, 601]) {
        const proof = await world.store.read(TENANT, () => proveEvent(world.log, TENANT, ids[seq]!))
        expect(proof).toMatchObject({ seq, size: 602 })
        expect(includes(proof!.root, proof!.size, seq, proof!.leaf, proof!.path)).toBe(true)
        expect(includes(proof!.root, proof!.size, seq === 0 ? 1 : seq - 1, proof!.leaf, proof!.path)).toBe(false)
      }
      const root = (await world.run(world.log.headsAfter(TENANT - 1, 1)))[0]!.root
      const proof = await world.store.read(TENANT, () => proveConsistency(world.log, TENANT, oldSize))
      expect(extendsTree(oldSize, oldRoot, 602, root, proof!.path)).toBe(true)
      expect(await world.store.read(8, () => proveEvent(world.log, 8, ids[0]!))).toBeUndefined()
      await assertClean()
    })

    it('declares numbers of units that rolled back void, before anybody calls them lost', async () => {
      const node = await world.start(1)
      await node.record(TENANT, event(1))
      const failing = world.store.write(TENANT, function* (): Unit<void> {
        yield node.recorder.record(TENANT, event(2)).queries
        throw new Error('rolled back')
      })
      await expect(failing).rejects.toThrow('rolled back')
      await node.record(TENANT, event(3))
      for (let second = 0; second < 8; second++) {
        await node.tick()
        await node.tend()
      }
      await node.tick()
      const report = await world.verify()
      expect(report.completeness).toMatchObject({ verdict: 'complete', void: 1, lost: 0, numbers: { unsealed: 0 } })
      expect(world.alerts).toEqual([])
      await assertClean()
    })

    it('shuts a late writer out once its number was taken', async () => {
      const node = await world.start(1)
      const late = node.recorder.record(TENANT, event(1))
      await node.record(TENANT, event(2))
      await node.tend()
      world.clock.at += 6_000
      expect(await node.tend()).toBe(1)
      const writing = world.store.write(TENANT, function* (): Unit<void> {
        yield late.queries
      })
      await expect(writing).rejects.toThrow()
      await node.tick()
      await assertClean()
    })

    it('waits for a young gap, and calls an old one lost', async () => {
      const node = await world.start(1)
      node.recorder.record(TENANT, event(1))
      await node.record(TENANT, event(2))
      await node.tick()
      expect((await world.verify()).completeness.numbers).toMatchObject({ unsealed: 1 })
      world.clock.at += 10_000
      await node.tick()
      expect(world.alerts).toEqual([{ kind: 'lost', run: node.run, count: 1 }])
      const report = await world.verify()
      expect(report.completeness).toMatchObject({ verdict: 'accounted', lost: 1, numbers: { unsealed: 0 } })
      await assertClean()
    })

    it('ends the run of a process that crashed, when its node starts again', async () => {
      const crashed = await world.start(1)
      await crashed.record(TENANT, event(1))
      crashed.recorder.record(TENANT, event(2))
      await crashed.record(TENANT, event(3))
      world.clock.at += 500
      const next = await world.start(1)
      await next.record(TENANT, event(4))
      await next.tick()
      expect((await world.run(world.log.run(crashed.run)))[0]).toMatchObject({ state: 'crashed', done: 1, sealedTo: 3 })
      expect((await world.verify()).completeness).toMatchObject({ verdict: 'accounted', lost: 1, numbers: { runs: 2 } })
      await assertClean()
    })

    it('ends the run of another node that is no longer tended, and takes it up when its owner was only asleep', async () => {
      const asleep = await world.start(1)
      await asleep.record(TENANT, event(1))
      const other = await world.start(2)
      for (let second = 0; second < 32; second++) await other.tick()
      expect((await world.run(world.log.run(asleep.run)))[0]).toMatchObject({ state: 'crashed' })
      await asleep.record(TENANT, event(2))
      await asleep.tend()
      await other.tend()
      await other.tick()
      expect((await world.run(world.log.run(asleep.run)))[0]).toMatchObject({ state: 'open', sealedTo: 2 })
      await assertClean()
    })

    it('closes a run with its last number, in the tree', async () => {
      const node = await world.start(1)
      await node.record(TENANT, event(1))
      node.recorder.record(TENANT, event(2))
      await closeRun({ store: world.store, log: world.log, recorder: node.recorder }, world.clock.now())
      await node.tick()
      expect((await world.run(world.log.run(node.run)))[0]).toMatchObject({
        state: 'closed',
        last: 3,
        sealedTo: 3,
        done: 1,
      })
      expect((await world.verify()).completeness).toMatchObject({ verdict: 'complete', void: 1 })
      await assertClean()
    })

    it('A1: of two sealers exactly one seals, and the other takes over when it is gone', async () => {
      const [a, b] = [await world.start(1), await world.start(2)]
      await a.tick()
      await b.tick()
      expect([a.sealer.seals, b.sealer.seals]).toEqual([true, false])
      for (let n = 0; n < 5; n++) {
        await a.record(TENANT, event(n))
        await b.record(TENANT, event(n))
        world.clock.at += 1_000
        await Promise.all([a.sealer.tick(), b.sealer.tick()])
        await a.sealer.sent()
      }
      await b.record(TENANT, event(9))
      world.clock.at += 7_000
      await b.tick()
      expect(b.sealer.seals).toBe(true)
      await a.tick()
      expect(a.sealer.seals).toBe(false)
      await b.tick()
      expect((await world.verify()).completeness.numbers).toMatchObject({ numbers: 11, unsealed: 0 })
      await assertClean()
    })

    it('A1: a sealer that slept through its lease writes nothing when it wakes', async () => {
      let nap: (() => Promise<void>) | undefined
      const sleepy: Store = {
        read: (tenant, unit) => world.store.read(tenant, unit),
        async write(tenant, unit) {
          const sleep = nap
          nap = undefined
          await sleep?.()
          return world.store.write(tenant, unit)
        },
      }
      const [a, b] = [await world.start(1, { store: sleepy }), await world.start(2)]
      await a.tick()
      await a.record(TENANT, event(1), event(2))
      // It saw events to seal, and falls asleep before its unit begins.
      nap = async () => {
        world.clock.at += 7_000
        await b.tick()
        await b.record(TENANT, event(3))
        await b.tick()
      }
      await a.sealer.tick()
      expect([a.sealer.seals, b.sealer.seals]).toEqual([false, true])
      const heads = await world.run(world.log.headsAfter(-1, 10))
      expect(heads.map(head => [head.tenant, head.size])).toEqual([[TENANT, 3]])
      await assertClean()
    })

    it('alerts when events wait too long for their seal', async () => {
      const node = await world.start(1)
      await node.record(TENANT, event(1))
      await node.tick()
      const [row] = await world.run(raw<{ number: number }>('select max(number) as "number" from audit_event'))
      await world.run(
        raw(
          `insert into audit_event (tenant_number, id, run, number, leaf, salt, mac, body)
           select 9, id + 1, run, ?1, leaf, salt, mac, body from audit_event`,
          row!.number + 1_000_000,
        ),
      )
      world.clock.at += 11_000
      await node.tick()
      expect(world.alerts.map(alert => alert.kind)).toEqual(['forged', 'unsealed'])
      world.clock.at += 10_000
      expect((await world.verify()).completeness.counts).toEqual({ sealer_late: 1 })
    })

    it('sends checkpoints again to a place that failed, in order, and does not hold up the others', async () => {
      const late: string[] = []
      let down = true
      const place = {
        name: 'late',
        async publish(lines: readonly string[]) {
          if (down) throw new Error('no route')
          late.push(...lines)
        },
      }
      const node = await world.start(1, { places: [place] })
      for (let n = 0; n < 3; n++) {
        await node.record(TENANT, event(n))
        await node.tick()
      }
      expect(world.alerts.map(alert => alert.kind)).toEqual(['place', 'place', 'place'])
      down = false
      await node.tick()
      await node.tick()
      expect(late.map(line => JSON.parse(line).number)).toEqual([1, 2, 3, 4])
    })

    it('exports records that verify again, and whose loss is noticed', async () => {
      const node = await world.start(1)
      for (let n = 0; n < 9; n++) await node.record(TENANT, event(n, { personal: { USN: `u${n}` } }))
      await node.record(8, event(1))
      await node.tick()
      const lines: string[] = []
      for await (const line of exportAudit(storeReader(world.store, world.log), TENANT)) lines.push(line)
      expect(lines.join('')).not.toContain('"tenant":8')
      const verify = (kept: readonly string[]) => {
        async function* all() {
          yield* kept
        }
        return verifyAudit(exportReader(all), { checkpoints: world.outside, publicKeys: world.publicKeys })
      }
      expect(JSON.parse(lines[0]!)).toMatchObject({ tenant: TENANT, seq: 0, leaf: expect.any(String) })
      const whole = await verify(lines)
      expect(whole.integrity.findings).toEqual([])
      expect(whole).toMatchObject({ completeness: { verdict: 'unknown' }, read: { events: 9, erasedValues: 0 } })
      expect((await verify(lines.toSpliced(4, 1))).integrity.counts).toMatchObject({ sequence: 1 })
      expect((await verify(lines.toSpliced(8, 1))).integrity.counts).toMatchObject({ truncated: 1 })
      const changed = lines.with(2, lines[2]!.replace('SUCCESS', 'FAILURE'))
      expect((await verify(changed)).integrity.counts).toEqual({ event_changed: 1 })
    })

    it('keeps what it must of texts that a store cannot hold as they are', async () => {
      const node = await world.start(1)
      const hostile = `\0${'\ud800'}${'é'.repeat(400)}`
      await node.record(
        TENANT,
        event(1, { parameters: { TEXT1: hostile }, reason: hostile, personal: { USN: hostile } }),
      )
      await node.tick()
      const [row] = await world.run(raw<{ value: string }>('select value from audit_personal'))
      expect(row!.value).toHaveLength(256)
      await assertClean()
    })

    it('reads heads of many tenants and seals them in few statements', async () => {
      const node = await world.start(1)
      for (let at = 0; at < 300; at += 100) {
        await world.store.write(WHOLE_STORE, function* (): Unit<void> {
          yield Array.from({ length: 100 }, (_, i) => node.recorder.record(1000 - at - i, event(i)).queries[0]!)
        })
      }
      await node.tick()
      await node.record(500, event(1))
      await node.tick()
      expect((await world.verify()).read).toMatchObject({ tenants: 301, events: 301 })
      await assertClean()
    })
  })
})
