/**
 * Workflows as they were when a login began. A login keeps the hash of its workflow's text: while the document stands unchanged it is
 * found in the configuration, after a change among the pinned ones. Read once for each text.
 */
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { LoginQueries } from '#domain/ports/login-queries.ts'
import { first } from '#domain/ports/store.ts'
import type { Tenant } from '#domain/tenant.ts'
import { DEFAULT_WORKFLOW, type WorkflowDocument } from '#domain/workflow-document.ts'
import { readWorkflow } from '#workflow/read-workflow.ts'
import type { Workflow } from '#workflow/workflow.ts'

const MOST = 500

export class WorkflowBook {
  readonly #needs: Pick<AuthenticationNeeds, 'store'> & { readonly logins: Pick<LoginQueries, 'pinnedWorkflow'> }
  readonly #read = new Map<string, Workflow>()

  constructor(needs: Pick<AuthenticationNeeds, 'store'> & { readonly logins: Pick<LoginQueries, 'pinnedWorkflow'> }) {
    this.#needs = needs
  }

  /** The document by which users of this client sign in; undefined when it names one that is gone. */
  current({ configuration }: Tenant, workflowId: string | undefined): WorkflowDocument | undefined {
    return configuration.findWorkflow(workflowId ?? DEFAULT_WORKFLOW)
  }

  async pinned(tenant: Tenant, workflowId: string | undefined, hash: string): Promise<Workflow | undefined> {
    const known = this.#read.get(hash)
    if (known) return known
    const document = this.current(tenant, workflowId)
    if (document?.hash === hash) return this.#keep(hash, document.code, document.payload)
    const { store, logins } = this.#needs
    const row = await store.read(tenant.number, () => first(logins.pinnedWorkflow(tenant.number, hash)))
    return row && this.#keep(hash, workflowId ?? DEFAULT_WORKFLOW, JSON.parse(row.document))
  }

  #keep(hash: string, id: string, payload: unknown): Workflow | undefined {
    const { workflow } = readWorkflow({ schemas: [], id, payload })
    if (!workflow) return undefined
    this.#read.set(hash, workflow)
    if (this.#read.size > MOST) {
      const [oldest] = this.#read.keys()
      if (oldest !== undefined) this.#read.delete(oldest)
    }
    return workflow
  }
}
