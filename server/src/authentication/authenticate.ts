/**
 * Whether somebody proved who he is: the one place every door comes to with a password, code, response or signature.
 * admit → reserve → verify → settle. Fast factors do the last three in one unit; slow ones (argon2) are admitted to the
 * hash pool first and verified between two units, so that a full pool consumes no attempt.
 */
import { planAttempt } from '#authentication/attempt.ts'
import type { AuthenticationNeeds } from '#authentication/needs.ts'
import type { Proof, Verdict } from '#authentication/proof.ts'
import { proveWithDevice } from '#authentication/prove-with-device.ts'
import { proveWithOob } from '#authentication/prove-with-oob.ts'
import { reservePassword, settlePassword } from '#authentication/prove-with-password.ts'
import type { SprayWatch } from '#authentication/spray-watch.ts'
import { decide } from '#domain/deciding-unit.ts'
import { first } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'

export class Authentication {
  readonly #needs: AuthenticationNeeds
  readonly #watch: SprayWatch

  constructor(needs: AuthenticationNeeds, watch: SprayWatch) {
    this.#needs = needs
    this.#watch = watch
  }

  async prove(tenant: Tenant, proof: Proof): Promise<Verdict> {
    const verdict = await (proof.policy.factor === 'password' ? this.#slow(tenant, proof) : this.#fast(tenant, proof))
    if (verdict.outcome === 'rejected') await this.#watch.proofFailed(tenant.number)
    return verdict
  }

  /** Of a proof that was judged elsewhere. */
  failed(tenant: Tenant): Promise<void> {
    return this.#watch.proofFailed(tenant.number)
  }

  async #fast(tenant: Tenant, proof: Proof): Promise<Verdict> {
    const prove = proof.policy.factor === 'oob' ? proveWithOob : proveWithDevice
    try {
      return await decide(this.#needs, tenant, current => prove(this.#needs, current, proof))
    } catch (error) {
      if (!(error instanceof Refusal)) await this.#keepAttempt(tenant, proof)
      throw error
    }
  }

  async #slow(tenant: Tenant, proof: Proof): Promise<Verdict> {
    const place = this.#needs.hasher.admit()
    try {
      const reserved = await decide(this.#needs, tenant, current => reservePassword(this.#needs, current, proof))
      const matches = await place.verify(reserved.hash, proof.secret.normalize('NFC'))
      return await decide<Verdict>(this.#needs, tenant, current =>
        settlePassword(this.#needs, current, proof, reserved, matches),
      )
    } finally {
      place.leave()
    }
  }

  /** The unit rolled back and with it the reservation; a fault must not give a guess for free. */
  async #keepAttempt(tenant: Tenant, proof: Proof): Promise<void> {
    const { store, proofs, clock } = this.#needs
    const now = clock.now()
    await store.write(tenant.number, function* () {
      const standing = yield* first(proofs.standing(tenant.number, proof.name, proof.policy.code))
      if (!standing?.user) return
      // Within its limits like any attempt: counted past a closed threshold, the block would be over.
      const attempt = planAttempt(proof.policy, standing, now)
      yield [proofs.reserve(tenant.number, { ...attempt, user: standing.user, policy: proof.policy.code, at: now })]
    })
  }
}
