/** Whether all factors that a login asks for are proved: what its end and an agreement of its person stand on (security.md R1). */
import { asksConsent } from '#authentication/login-consent.ts'
import type { Login, Person } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { behind, isOver, ownedIn, workflowOf } from '#authentication/login-step.ts'
import { Refusal } from '#domain/refusal.ts'
import { nextStep } from '#workflow/next-step.ts'

export async function allProved(needs: LoginNeeds, login: Login, person: Person | undefined): Promise<boolean> {
  return nextStep(workflowOf(login), behind(login, await ownedIn(needs, login, person))).step === 'proved'
}

/** What somebody agrees to outlives the login, so that one factor of two is not enough for it. */
export async function mayAgree(needs: LoginNeeds, login: Login, person: Person | undefined): Promise<void> {
  const asked = asksConsent(login) && !isOver(login)
  if (!asked || !(await allProved(needs, login, person))) {
    throw new Refusal('not_allowed', 'Nothing is to be agreed to now.')
  }
}
