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
import type { Proof, Verdict } from '#authentication/proof.ts'
import type { SprayWatch } from '#authentication/spray-watch.ts'
import { decide } from '#domain/deciding-unit.ts'
import { Fault, Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export class OutOfBand {
  readonly #needs: OutOfBandNeeds
  readonly #watch: SprayWatch

  constructor(needs: OutOfBandNeeds, watch: SprayWatch) {
    this.#needs = needs
    this.#watch = watch
  }

  async send(tenant: Tenant, request: CodeRequest): Promise<CodeAnswer> {
    const answer = await this.#sent(tenant, request)
    if (answer.outcome === 'accepted') throw new Fault('a code was proved that nobody showed')
    return answer
  }

  /** For callers whose one text is an activation code, by which a code is sent, or that code itself. */
  sendOrProve(tenant: Tenant, request: CodeRequest & { readonly orCode: Proof }): Promise<CodeAnswer | Verdict> {
    return this.#sent(tenant, request)
  }

  async #sent(tenant: Tenant, request: CodeRequest): Promise<CodeAnswer | Verdict> {
    const answer = await decide<CodeAnswer | Verdict>(this.#needs, tenant, current =>
      sendCode(this.#needs, current, request),
    )
    if (answer.outcome === 'sent') this.#needs.nudge()
    if (answer.outcome === 'rejected') await this.#watch.proofFailed(tenant.number)
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
