/**
 * An import as its caller sees it: PENDING, then SUCCESS or FAILED with a report that names each bad row.
 * The report keeps the first thousand problems and the count of all.
 */

import type { Problem } from '#administration/import/token-record.ts'
import type { ImportRow, ImportStatus } from '#domain/ports/import-queries.ts'

export interface ImportJob {
  readonly id: number
  readonly status: ImportStatus
  readonly fileName: string
  readonly deviceCount: number
  readonly problems: readonly Problem[]
  /** How many there were, kept or not. */
  readonly problemCount: number
  readonly createdAt_ms: number
  readonly finishedAt_ms: number | null
}

export const MAX_KEPT_PROBLEMS = 1000
const MAX_NAME_LETTERS = 255

export function newJob(id: number, fileName: string, createdAt_ms: number): ImportJob {
  const name = fileName.slice(0, MAX_NAME_LETTERS)
  const nothing = { deviceCount: 0, problems: [], problemCount: 0, finishedAt_ms: null }
  return { id, status: 'PENDING', fileName: name, createdAt_ms, ...nothing }
}

export function endedJob(
  job: ImportJob,
  status: 'SUCCESS' | 'FAILED',
  problems: readonly Problem[],
  finishedAt_ms: number,
  deviceCount: number,
): ImportJob {
  const kept = problems.slice(0, MAX_KEPT_PROBLEMS)
  return { ...job, status, deviceCount, problems: kept, problemCount: problems.length, finishedAt_ms }
}

export function jobOf(row: ImportRow): ImportJob {
  const { problems, problemCount } = JSON.parse(row.report) as Pick<ImportJob, 'problems' | 'problemCount'>
  const { id, status, fileName, deviceCount, createdAt, finishedAt } = row
  return {
    id,
    status,
    fileName,
    deviceCount,
    problems,
    problemCount,
    createdAt_ms: createdAt,
    finishedAt_ms: finishedAt,
  }
}

export function rowOf(job: ImportJob): ImportRow {
  const { id, status, fileName, deviceCount, problems, problemCount, createdAt_ms, finishedAt_ms } = job
  const report = JSON.stringify({ problems, problemCount })
  return { id, status, fileName, deviceCount, report, createdAt: createdAt_ms, finishedAt: finishedAt_ms }
}
