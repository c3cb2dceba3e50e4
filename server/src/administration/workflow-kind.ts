/**
 * Login workflows of a tenant. What the payload says was judged by the door's reader; here only what a change means: a former
 * workflow is kept for the logins that run by it, and one that a client names does not go.
 */
import type { DocumentKind } from '#administration/document-kind.ts'
import type { WorkflowDocument } from '#domain/workflow-document.ts'

/** No login lasts as long. */
const KEPT_MS = 2 * 3_600_000

export const workflowKind: DocumentKind<WorkflowDocument> = {
  list: 'workflows',
  noun: 'workflow',
  event: 'Workflow',
  parameter: 'TEXT2',
  most: 100,
  find: (configuration, code) => configuration.findWorkflow(code),
  all: configuration => configuration.workflows,
  refusalOf: () => undefined,
  use: (queries, tenant, code) => queries.clientOfWorkflow(tenant, code),
  keepReplaced: (queries, tenant, { hash, payload }, now_ms) =>
    queries.pinWorkflow(tenant, hash, JSON.stringify(payload), now_ms + KEPT_MS),
}
