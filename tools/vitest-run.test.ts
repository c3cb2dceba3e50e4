/** What counts as a failure when vitest's report is read. */
import { describe, expect, it } from 'vitest'
import { mayBeSkipped, wronglySkipped } from './skipped.ts'
import { count } from './vitest-run.ts'

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((one, n) => ({ fullName: `test ${n}`, status: one })),
})

describe('counting a report', () => {
  it('counts tests', () => {
    const report = {
      testResults: [file('passed', 'passed', 'passed'), file('failed', 'failed', 'passed', 'skipped', 'todo')],
    }
    expect(count(report, 1)).toEqual({ passed: 3, failed: 1, skipped: ['test 2', 'test 3'] })
  })

  it('counts a file that broke before its tests', () => {
    expect(count({ testResults: [file('failed'), file('passed', 'passed')] }, 1).failed).toBe(1)
  })

  it('counts an exit code that no test explains, and a run without a test', () => {
    expect(count({ testResults: [file('passed', 'passed')] }, 1).failed).toBe(1)
    expect(count({ testResults: [] }, 0).failed).toBe(1)
    expect(count({ testResults: [file('passed', 'passed')] }, 0)).toEqual({ passed: 1, failed: 0, skipped: [] })
  })
})

it('what may be skipped has a reason', () => {
  for (const reason of Object.values(mayBeSkipped)) expect(reason.length).toBeGreaterThan(20)
  expect(wronglySkipped(['a test'])).toEqual(['a test'])
})
