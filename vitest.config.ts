import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { conditions: ['source'] },
  ssr: { resolve: { conditions: ['source'] } },
  test: {
    include: [
      'protocol/src/**/*.test.ts',
      'sdk/src/**/*.test.ts',
      'server/src/**/*.test.ts',
      'server/test/**/*.test.ts',
      'tools/**/*.test.ts',
      'web/test/**/*.test.ts',
      'examples/bank/test/**/*.test.ts',
    ],
    globalSetup: ['server/test/temporary-folder.ts', 'server/test/postgres-for-run.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // Two on two cores, where vitest would take one: half of a test is waiting for disks, browsers and other processes.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
})
