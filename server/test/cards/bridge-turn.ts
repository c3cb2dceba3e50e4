/**
 * One test file at a time has the place where pages look for the card bridge. The turn is a port beside it: whoever listens there has the turn,
 * and a process that is killed gives it back.
 */
import { once } from 'node:events'
import { createServer } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { BRIDGE_PORT } from '@countersign/protocol/card/bridge.ts'

/** Waits for the turn; what it answers ends it. */
export async function bridgeTurn(): Promise<() => void> {
  for (;;) {
    const holder = createServer()
    try {
      holder.listen(BRIDGE_PORT - 1, '127.0.0.1')
      await once(holder, 'listening')
      return () => holder.close()
    } catch {
      await pause(250)
    }
  }
}
