/** An error that is kept in the login and told to the client by the redirect at its end. */
import type { Stepped } from '#authentication/login-answer.ts'
import { changeOf, type Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { NO_TEMPLATE } from '#authentication/login-step.ts'
import type { LoginError, LoginProgress } from '#domain/login.ts'
import { first } from '#domain/ports/store.ts'

/** No row is written where the same stands already, or where the login moved meanwhile: then that says more. */
export async function keepError(needs: LoginNeeds, login: Login, error: LoginError | undefined): Promise<Login> {
  const { progress, row, tenant } = login
  if (progress.error?.error === error?.error) return login
  const { error: _, ...kept } = progress
  const after: LoginProgress = error === undefined ? kept : { ...kept, error }
  const { store, logins, clock } = needs
  // It is not a step: the time to begin does not grow by it.
  const change = changeOf(login, clock.now(), after, { expiresAt: row.expiresAt })
  const done = await store.write(tenant.number, () => first(logins.change(tenant.number, row.id, change)))
  return done ? { ...login, progress: after, row: { ...row, revision: row.revision + 1 } } : login
}

export async function noTemplate(needs: LoginNeeds, login: Login): Promise<Stepped> {
  return { login: await keepError(needs, login, NO_TEMPLATE), answer: { kind: 'no template' } }
}
