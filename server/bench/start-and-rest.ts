/** How long our server takes to start on a database that exists, and what it holds when nobody asks it anything. */
import { setTimeout as pause } from 'node:timers/promises'
import { type Place, startOurServer } from './our-server.ts'
import type { StartAndRest } from './targets.ts'
import { resident_mb } from './usage.ts'

export async function restOf(place: Place, quick: boolean): Promise<StartAndRest> {
  const ready_ms: number[] = []
  let idle_mb = 0
  const starts = quick ? 3 : 5
  for (let n = 1; n <= starts; n++) {
    const server = await startOurServer(place)
    ready_ms.push(server.ready_ms)
    if (n === starts) {
      await pause(quick ? 3000 : 10_000)
      idle_mb = resident_mb(server.pid)
    }
    await server.stop()
  }
  return { ready_ms, idle_mb }
}
