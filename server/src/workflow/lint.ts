/** All findings about one workflow: what can be read but will not do what somebody meant by it. */
import type { Finding } from '#workflow/finding.ts'
import { lintAcr } from '#workflow/lint-acr.ts'
import { lintPaths } from '#workflow/lint-paths.ts'
import { lintRecovery } from '#workflow/lint-recovery.ts'
import { lintReferences } from '#workflow/lint-references.ts'
import type { Workflow } from '#workflow/workflow.ts'

/** `unread` are the pointers that reading left aside. */
export function lint(workflow: Workflow, unread: readonly string[]): readonly Finding[] {
  return [
    ...unread.map(unreadMember),
    ...lintReferences(workflow),
    ...lintPaths(workflow),
    ...lintAcr(workflow),
    ...lintRecovery(workflow),
  ]
}

const unreadMember = (at: string): Finding => ({
  code: 'unread_member',
  at,
  sentence: 'This member is not part of the language; it is kept, and nothing reads it.',
  next: 'Look whether it is spelled as in docs/integrate/workflows.md, or take it away.',
})
