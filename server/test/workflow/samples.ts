/** The sample workflows, as text and as documents that a test may change. */
import { readFileSync } from 'node:fs'
import { lint } from '#workflow/lint.ts'
import { readWorkflow } from '#workflow/read-workflow.ts'
import type { Workflow } from '#workflow/workflow.ts'

export const SAMPLES = [
  'temporary-or-password-push',
  'password-push-automatic',
  'password-or-otp',
  'activation-code-otp',
  'password-otp-oob',
  'passkey',
  'card',
] as const
export type Sample = (typeof SAMPLES)[number]

export const sampleText = (name: Sample): string =>
  readFileSync(new URL(`../../../vectors/workflows/${name}.json`, import.meta.url), 'utf8')

/** Changes what stands at pointers; undefined takes it away. `-` at the end of a pointer adds to a list. */
export function changed(name: Sample, changes: Readonly<Record<string, unknown>>): unknown {
  const document = JSON.parse(sampleText(name))
  for (const [pointer, value] of Object.entries(changes)) {
    const steps = pointer.split('/').slice(1)
    const last = steps.pop() as string
    const target = steps.reduce((place, step) => place[step], document)
    if (last === '-') target.push(value)
    else if (value === undefined) delete target[last]
    else target[last] = value
  }
  return document
}

export function workflowOf(name: Sample, changes: Readonly<Record<string, unknown>> = {}): Workflow {
  const { workflow, problems } = readWorkflow(changed(name, changes))
  if (!workflow) throw new Error(`${name} has problems: ${JSON.stringify(problems)}`)
  return workflow
}

/** `code pointer` of each finding. */
export function found(name: Sample, changes: Readonly<Record<string, unknown>> = {}): readonly string[] {
  const { workflow, problems, unread } = readWorkflow(changed(name, changes))
  if (!workflow) throw new Error(`${name} has problems: ${JSON.stringify(problems)}`)
  return lint(workflow, unread).map(({ code, at }) => `${code} ${at}`)
}
