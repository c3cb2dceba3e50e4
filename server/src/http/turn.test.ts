import { expect, it } from 'vitest'
import type { Arrival } from '#http/exchange.ts'
import type { Route } from '#http/route.ts'
import { Turn } from '#http/turn.ts'

const route = (name: string) => ({ name }) as unknown as Route
const arrival = (n: number) => ({ at_ms: n }) as unknown as Arrival
const nextTurn = () => new Promise(done => setImmediate(done))

it('begins what came in one turn together, those of one endpoint after one another, each once', async () => {
  const begun: [Route, number][] = []
  const turn = new Turn((one, { at_ms }) => begun.push([one, at_ms]))
  const [a, b] = [route('a'), route('b')]
  for (const [n, one] of [a, b, a, b, a].entries()) turn.take(one, arrival(n))
  expect(begun).toEqual([])
  await nextTurn()
  expect(begun).toEqual([
    [a, 0],
    [a, 2],
    [a, 4],
    [b, 1],
    [b, 3],
  ])
  await nextTurn()
  expect(begun).toHaveLength(5)
})

it('what comes while others begin has a turn of its own', async () => {
  const begun: number[] = []
  const turn: Turn = new Turn((one, { at_ms }) => {
    begun.push(at_ms)
    if (at_ms < 3) turn.take(one, arrival(at_ms + 1))
  })
  turn.take(route('a'), arrival(0))
  await nextTurn()
  expect(begun).toEqual([0])
  for (let n = 0; n < 6; n++) await nextTurn()
  expect(begun).toEqual([0, 1, 2, 3])
})
