/** Runs every promise of gateways on one of them, over each engine. */
import { describe, test } from 'vitest'
import type { Candidate } from '#delivery/conformance/candidate.ts'
import { gatewayCases, runCase } from '#delivery/conformance/gateway-cases.ts'
import type { Engine } from '../fresh-store.ts'
import { groundOn } from './delivery-ground.ts'

export function describeGateway(candidate: Candidate, engines: readonly Engine[]): void {
  describe.each(engines)(`${candidate.name} on $name`, engine => {
    test.skipIf(engine.absent).each(gatewayCases)('$title', async one => {
      const { ground, close } = await groundOn(engine)
      await runCase(one, ground, candidate).finally(close)
    })
  })
}
