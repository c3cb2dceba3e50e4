/** Numbers of named things on SQLite and PostgreSQL: rising, never twice, also from two servers at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { NamedIdBlocks } from '#storage/named-ids.ts'
import { tenantQueries } from '#storage/tenant.ts'
import { engines, type FreshStore } from '../fresh-store.ts'

describe.each(engines)('numbers of named things on $name', engine => {
  describe.skipIf(engine.absent)('with two tenants', () => {
    let fresh: FreshStore
    beforeAll(async () => {
      fresh = await engine.open()
      await fresh.store.write(1, function* () {
        yield [1, 2].map(number =>
          tenantQueries.addTenant({ number, name: `t${number}`, status: 'ACTIVE', version: 1, createdAt: 1 }, 10_001),
        )
      })
    })
    afterAll(() => fresh.close())

    test('one by one, in blocks, and by many at once, none comes twice', async () => {
      const servers = [new NamedIdBlocks(fresh.store), new NamedIdBlocks(fresh.store)]
      expect(await servers[0]!.next(1, 1)).toEqual([10_001])
      expect(await servers[0]!.next(1, 2)).toEqual([10_002, 10_003])
      const asked = Array.from({ length: 400 }, (_, n) => servers[n % 2]!.next(1, 1 + (n % 3)))
      const given = (await Promise.all(asked)).flat()
      expect(new Set(given).size).toBe(given.length)
      expect(Math.min(...given)).toBeGreaterThan(10_003)
    })

    test('more than a block rises without a gap, and each tenant has its own', async () => {
      const ids = new NamedIdBlocks(fresh.store)
      expect(await ids.next(2, 250)).toEqual(Array.from({ length: 250 }, (_, n) => 10_001 + n))
      expect(await ids.next(2, 1)).toEqual([10_251])
    })

    test('a tenant that is not there, and a number that cannot be meant, are faults', async () => {
      const ids = new NamedIdBlocks(fresh.store)
      await expect(ids.next(99, 1)).rejects.toThrow('does not exist')
      expect(() => ids.next(1, 0)).toThrow(RangeError)
      expect(await ids.next(1, 1)).toHaveLength(1)
    })
  })
})
