/**
 * Codes by mail and SMS: sent at a log-on, sent with the text of a transaction, or handed to a privileged client that brings them
 * itself. What comes back is proved like any code (`prove-with-oob.ts`). Sending never waits for delivery, and its answer is the same
 * whoever is named, but for an activation code that is shown and wrong, which is answered like a wrong password (security.md E1).
 */
import { type HandedCode, type HandOutRequest, handOut } from '#authentication/oob-hand-out.ts'
import type { OutOfBandNeeds } from '#authentication/oob-needs.ts'
import { type CodeAnswer, type CodeRequest, sendCode } from '#authentication/oob-send.ts'
import {
  type DeliveredTransaction,
  deliverTransaction,
  type TransactionRequest,
} from '#authentication/oob-transaction.ts'
import { decide } from '#domain/deciding-unit.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export class OutOfBand {
  readonly #needs: OutOfBandNeeds

  constructor(needs: OutOfBandNeeds) {
    this.#needs = needs
  }

  async send(tenant: Tenant, request: CodeRequest): Promise<CodeAnswer> {
    const answer = await decide<CodeAnswer>(this.#needs, tenant, current => sendCode(this.#needs, current, request))
    if (answer.outcome === 'sent') this.#needs.nudge()
    return answer
  }

  /** For administrators: a code within the text of a transaction. */
  async deliver(tenant: Tenant, request: TransactionRequest): Promise<DeliveredTransaction> {
    const answer = await decide<DeliveredTransaction | Refusal>(this.#needs, tenant, current =>
      deliverTransaction(this.#needs, current, request),
    )
    if (answer instanceof Refusal) throw answer
    this.#needs.nudge()
    return answer
  }

  /** For privileged clients: the code itself. */
  async handOut(tenant: Tenant, request: HandOutRequest): Promise<HandedCode> {
    const answer = await decide<HandedCode | Refusal>(this.#needs, tenant, current =>
      handOut(this.#needs, current, request),
    )
    if (answer instanceof Refusal) throw answer
    return answer
  }
}
