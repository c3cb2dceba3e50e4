/** Runs every promise of roads to people on one of them, over each engine. */
import { describe, test } from 'vitest'
import { messageCases, runMessageCase } from '#delivery/conformance/message-cases.ts'
import type { MessageCandidate } from '#delivery/conformance/message-world.ts'
import type { Engine } from '../fresh-store.ts'
import { groundOn } from './delivery-ground.ts'

export function describeMessages(candidate: MessageCandidate, engines: readonly Engine[]): void {
  describe.each(engines)(`${candidate.name} on $name`, engine => {
    test.skipIf(engine.absent).each(messageCases)('$title', { timeout: 30_000 }, async one => {
      const { ground, close } = await groundOn(engine)
      await runMessageCase(one, ground, candidate).finally(close)
    })
  })
}
