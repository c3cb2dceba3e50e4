/**
 * A login workflow as a tenant keeps it: the payload exactly as it was written, names it does not know included. It is
 * read into a `Workflow` where a login needs it, never here: a configuration is loaded often.
 */
export interface WorkflowDocument {
  readonly code: string
  /** Counts the changes of a document of the tenant's own; a stock document has none. */
  readonly version?: number
  /** What JSON can say; judged before it was stored. */
  readonly payload: unknown
  /** SHA-256 of `JSON.stringify(payload)`, in hexadecimal: by it a login stays with the workflow that it started by. */
  readonly hash: string
}

/** The workflow of clients that name none. */
export const DEFAULT_WORKFLOW = 'ID_DEFAULT'
