/** The text of a document → what keeps it from being a workflow, or what will not work in it, in the order of the lines. */
import type { Finding } from '#workflow/finding.ts'
import { readJson } from '#workflow/json-text.ts'
import { lint } from '#workflow/lint.ts'
import type { Problem } from '#workflow/problem.ts'
import { readWorkflow } from '#workflow/read-workflow.ts'
import type { Workflow } from '#workflow/workflow.ts'

export interface Check {
  /** Absent when there are problems. */
  readonly workflow?: Workflow
  readonly problems: readonly (Problem & Lined)[]
  /** None while there are problems: the lint judges whole workflows. */
  readonly findings: readonly (Finding & Lined)[]
}

interface Lined {
  /** Counted from 1. */
  readonly line: number
}

export function checkWorkflow(text: string): Check {
  const { value, lines, problems: ofText } = readJson(text)
  const inOrder = <Told extends { readonly at: string; readonly line?: number }>(told: readonly Told[]) =>
    told.map(one => ({ ...one, line: one.line ?? lineOf(one.at, lines) })).sort((a, b) => a.line - b.line)

  if (value === undefined) return { problems: inOrder(ofText), findings: [] }
  const { workflow, problems, unread } = readWorkflow(value)
  const all = [...ofText, ...problems]
  if (!workflow || all.length > 0) return { problems: inOrder(all), findings: [] }
  return { workflow, problems: [], findings: inOrder(lint(workflow, unread)) }
}

/** Of a member that is missing, the line of what it is missing in. */
function lineOf(at: string, lines: ReadonlyMap<string, number>): number {
  for (let place = at; ; place = place.slice(0, place.lastIndexOf('/'))) {
    const line = lines.get(place)
    if (line !== undefined || place === '') return line ?? 1
  }
}
