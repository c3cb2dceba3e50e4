/**
 * Runs vitest and counts what happened from its JSON report, not from the text it prints: passed, failed, skipped by name.
 * Surprise: a file that breaks before its first test, or a promise that nobody awaited, has no failed test in the
 * report; each counts as a failure here, so that the counts and the exit code never say different things.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runProgram } from './run-program.ts'

export interface TestRun {
  readonly passed: number
  readonly failed: number
  /** Full names of tests that were left out. */
  readonly skipped: readonly string[]
}

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly status: string
    readonly assertionResults: readonly { readonly fullName: string; readonly status: string }[]
  }[]
}

export interface VitestOptions {
  /** Files; none are all files. */
  readonly files?: readonly string[]
  /** The Node that runs it; its workers are the same. */
  readonly node?: string
  readonly environment?: Readonly<Record<string, string | undefined>>
}

export async function runVitest(options: VitestOptions = {}): Promise<TestRun> {
  const { files = [], node = process.execPath, environment = {} } = options
  const folder = mkdtempSync(join(tmpdir(), 'countersign-vitest-'))
  const file = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const code = await runProgram(node, ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...files], environment)
    if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] }
    return count(JSON.parse(readFileSync(file, 'utf8')) as Report, code)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function count(report: Report, exitCode: number): TestRun {
  const tests = report.testResults.flatMap(({ assertionResults }) => assertionResults)
  const broken = report.testResults.filter(({ status, assertionResults: all }) => {
    return status === 'failed' && !all.some(one => one.status === 'failed')
  })
  const passed = tests.filter(({ status }) => status === 'passed').length
  const failed = tests.filter(({ status }) => status === 'failed').length + broken.length
  const skipped = tests.filter(({ status }) => status !== 'passed' && status !== 'failed').map(one => one.fullName)
  const clean = exitCode === 0 && passed > 0
  return { passed, failed: failed === 0 && !clean ? 1 : failed, skipped }
}
