/**
 * Starts one throw-away PostgreSQL for a run of the tests, when a test file that was asked for needs it, and tells its
 * address in COUNTERSIGN_TEST_POSTGRES. A server given by that variable is used as it is.
 * Surprise: where PostgreSQL cannot be started its tests are skipped, but with CI=true the run fails.
 */
import { readFile } from 'node:fs/promises'
import type { TestProject } from 'vitest/node'
import { startPostgres } from '../../tools/postgres.ts'

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  if (process.env.COUNTERSIGN_TEST_POSTGRES || !(await isNeeded(project))) return undefined
  try {
    const server = await startPostgres({ fsync: false, settings: { deadlock_timeout: '50ms' } })
    process.env.COUNTERSIGN_TEST_POSTGRES = server.url
    return () => server.stop()
  } catch (error) {
    if (process.env.CI === 'true') throw error
    console.warn(`Tests of PostgreSQL are skipped: ${(error as Error).message}`)
    return undefined
  }
}

async function isNeeded(project: TestProject): Promise<boolean> {
  // The files asked for on the command line; without them, or should vitest rename this member, all files count.
  const asked = (project.vitest as { filenamePattern?: string[] }).filenamePattern ?? []
  const { testFiles } = await project.globTestFiles(asked)
  const texts = await Promise.all(testFiles.map(file => readFile(file, 'utf8')))
  return texts.some(text => /fresh-store|world|postgres/i.test(text))
}
