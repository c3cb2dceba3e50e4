import { expect, test } from 'vitest'
import { SystemClock } from '#jobs/clock.ts'
import { SystemRandom } from '#jobs/system-random.ts'

test('the clock never goes back, nor below its floor, and says how far the machine is behind', () => {
  let machine = 1000
  const clock = new SystemClock(1500, () => machine)
  expect([clock.now(), clock.behind_ms()]).toEqual([1500, 500])
  machine = 2000
  expect([clock.now(), clock.behind_ms()]).toEqual([2000, 0])
  machine = 1200
  expect([clock.now(), clock.behind_ms()]).toEqual([2000, 800])
  clock.raise(1900)
  expect(clock.now()).toBe(2000)
  clock.raise(3000)
  expect(clock.now()).toBe(3000)
})

test('random bytes come in the size asked for, never twice, and never change afterwards', () => {
  const random = new SystemRandom()
  const kept = random.bytes(16)
  const copy = Uint8Array.from(kept)
  const seen = new Set<string>()
  for (let n = 0; n < 5000; n++) seen.add(Buffer.from(random.bytes(8)).toString('hex'))
  expect(seen.size).toBe(5000)
  expect(kept).toEqual(copy)
  for (const size of [0, 1, 511, 512, 513, 8192, 100_000]) {
    const bytes = random.bytes(size)
    expect(bytes).toHaveLength(size)
    if (size > 100) expect(new Set(bytes).size).toBeGreaterThan(50)
  }
})
