/**
 * `npm test`: everything, on both storage engines. Gets what the tests need, looks at the sources, runs all tests, and ends
 * with one line, `N passed, M failed`, that counts tests and the steps before them. With CI=true nothing may be left out:
 * a missing program or a skipped test is a failure.
 */
import { ensureNeeds } from './needs.ts'
import { runSteps } from './run-program.ts'
import { wronglySkipped } from './skipped.ts'
import { sourceSteps } from './source-steps.ts'
import { runVitest, type TestRun } from './vitest-run.ts'

const strict = process.env.CI === 'true'
const tests: { run: TestRun } = { run: { passed: 0, failed: 1, skipped: [] } }

console.log(`Node ${process.version}`)
const done = await runSteps([
  {
    name: 'what the tests need',
    run: async () => ((await ensureNeeds()) || !strict ? 0 : 1),
  },
  ...sourceSteps,
])
await runSteps([
  {
    name: 'all tests',
    run: async () => {
      tests.run = await runVitest()
      return tests.run.failed === 0 ? 0 : 1
    },
  },
])

const skipped = wronglySkipped(tests.run.skipped)
if (skipped.length > 0) {
  console.log(`\n${skipped.length} skipped${strict ? ', which is a failure here' : ''}:`)
  for (const name of skipped) console.log(`  ${name}`)
}
const broken = done.filter(({ ok }) => !ok)
for (const { name } of broken) console.log(`\nFAIL ${name}`)

const passed = tests.run.passed + done.length - broken.length
const failed = tests.run.failed + broken.length + (strict ? skipped.length : 0)
console.log(`\n${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1
