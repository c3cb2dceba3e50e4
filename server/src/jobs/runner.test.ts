import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { JobRunner } from '#jobs/runner.ts'

const told: [string, unknown][] = []
const newRunner = (chance = 0) =>
  new JobRunner({
    random: { bytes: count => new Uint8Array(count).fill(chance) },
    onError: (name, error) => told.push([name, error]),
  })

beforeEach(() => {
  told.length = 0
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

test('a job runs once an interval, up to a tenth later', async () => {
  for (const [chance, delay] of [
    [0, 1000],
    [255, 1100],
  ] as const) {
    const runner = newRunner(chance)
    runner.add({ name: 'sweep', interval_ms: 1000, run: async () => {} })
    await vi.advanceTimersByTimeAsync(delay - 1)
    expect(runner.counts()).toEqual([{ name: 'sweep', runs: 0, failures: 0 }])
    await vi.advanceTimersByTimeAsync(1 + delay)
    expect(runner.counts()).toEqual([{ name: 'sweep', runs: 2, failures: 0 }])
    await runner.stop()
  }
})

test('a job never overlaps itself, and others do not wait for it', async () => {
  const runner = newRunner()
  let running = 0
  let most = 0
  let end = () => {}
  const run = async () => {
    most = Math.max(most, ++running)
    await new Promise<void>(resolve => {
      end = resolve
    })
    running -= 1
  }
  runner.add({ name: 'slow', interval_ms: 10, run })
  runner.add({ name: 'quick', interval_ms: 10, run: async () => {} })
  await vi.advanceTimersByTimeAsync(100)
  void runner.runNow('slow')
  await vi.advanceTimersByTimeAsync(100)
  expect([running, most]).toEqual([1, 1])
  expect(runner.counts()[1]?.runs).toBe(20)
  end()
  await vi.advanceTimersByTimeAsync(10)
  expect(runner.counts()[0]?.runs).toBe(1)
  const stopped = runner.stop()
  end()
  await stopped
})

test('an error is told and counted, and the job goes on', async () => {
  const runner = newRunner()
  runner.add({
    name: 'broken',
    interval_ms: 10,
    run: () => {
      throw new Error('no disk')
    },
  })
  await vi.advanceTimersByTimeAsync(30)
  expect(runner.counts()).toEqual([{ name: 'broken', runs: 0, failures: 3 }])
  expect(told).toHaveLength(3)
  expect(told[0]).toEqual(['broken', new Error('no disk')])
  await runner.stop()
})

test('without chance a job runs all the same, at its plain interval, and the failure is told', async () => {
  const chance = vi.fn(() => new Uint8Array(1))
  const runner = new JobRunner({ random: { bytes: chance }, onError: (name, error) => told.push([name, error]) })
  chance.mockImplementation(() => {
    throw new Error('no chance')
  })
  runner.add({ name: 'sweep', interval_ms: 10, run: async () => {} })
  await vi.advanceTimersByTimeAsync(20)
  expect(runner.counts()).toEqual([{ name: 'sweep', runs: 2, failures: 0 }])
  expect(told).toEqual(Array(3).fill(['sweep', new Error('no chance')]))
  await runner.stop()
})

test('stop waits for what runs, tells it, and leaves no timer', async () => {
  const runner = newRunner()
  let ended = false
  const run = (signal: AbortSignal) =>
    new Promise<void>(resolve => {
      signal.addEventListener('abort', () => {
        setTimeout(() => {
          ended = true
          resolve()
        }, 5)
      })
    })
  runner.add({ name: 'long', interval_ms: 10, run })
  runner.add({ name: 'waiting', interval_ms: 1000, run: async () => {} })
  await vi.advanceTimersByTimeAsync(10)
  const stopped = runner.stop()
  await vi.advanceTimersByTimeAsync(5)
  await stopped
  expect(ended).toBe(true)
  expect(vi.getTimerCount()).toBe(0)
  await runner.stop()
  await runner.runNow('waiting')
  expect(runner.counts()[1]?.runs).toBe(0)
  expect(() => runner.add({ name: 'late', interval_ms: 1, run: async () => {} })).toThrow()
})

test('runNow runs at once and starts a new interval; names are unique', async () => {
  const runner = newRunner()
  runner.add({ name: 'sweep', interval_ms: 1000, run: async () => {} })
  await vi.advanceTimersByTimeAsync(900)
  await runner.runNow('sweep')
  expect(runner.counts()[0]?.runs).toBe(1)
  await vi.advanceTimersByTimeAsync(999)
  expect(runner.counts()[0]?.runs).toBe(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(runner.counts()[0]?.runs).toBe(2)
  await expect(runner.runNow('other')).rejects.toThrow('there is no job other')
  expect(() => runner.add({ name: 'sweep', interval_ms: 1, run: async () => {} })).toThrow()
  await runner.stop()
})
