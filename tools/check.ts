/**
 * `npm run check`: what can be known without a database server, quickly: types, lint and format, the rules of the
 * house, and the tests of pure code. Every step is named and timed; the exit code is not zero when one failed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { ROOT, runSteps } from './run-program.ts'
import { sourceSteps } from './source-steps.ts'
import { runVitest } from './vitest-run.ts'

const HOUSE = ['architecture', 'route-coverage', 'refusal-documentation'].map(name => `server/test/${name}.test.ts`)

/** Tests beside the code, but those that want a database server; `npm test` runs these too. */
function testsBesideCode(): string[] {
  const found = ['protocol/src', 'sdk/src', 'server/src'].flatMap(folder =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(name => join(ROOT, folder, name)),
  )
  return found
    .filter(file => file.endsWith('.test.ts') && !/fresh-store|postgres/i.test(readFileSync(file, 'utf8')))
    .map(file => relative(ROOT, file))
}

const passes = async (files: readonly string[]) => ((await runVitest({ files })).failed === 0 ? 0 : 1)

const done = await runSteps([
  ...sourceSteps,
  { name: 'rules of the house', run: () => passes(HOUSE) },
  { name: 'tests beside the code', run: () => passes(testsBesideCode()) },
])

console.log('')
for (const { name, ok, seconds } of done)
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${seconds.toFixed(1).padStart(6)} s  ${name}`)
process.exitCode = done.every(({ ok }) => ok) ? 0 : 1
