/** Logins, as doors use them: begun by a client, visited by a browser, gone on with step by step, ended, redeemed. */
import type { Budget } from '#authentication/budgets.ts'
import type { KnownClient } from '#authentication/client-book.ts'
import type { Stepped } from '#authentication/login-answer.ts'
import { askCard, type CardGiven, proveCardStep } from '#authentication/login-card.ts'
import { type Sharing, type SharingView, sharingsOf, signConsent } from '#authentication/login-consent.ts'
import { cancelled, type Ending, endLogin } from '#authentication/login-end.ts'
import { type CardEnrolGiven, cardChallenge, enrolCard } from '#authentication/login-enrol-card.ts'
import { type EnrolGiven, enrolPasskey, passkeyOptions } from '#authentication/login-enrol-passkey.ts'
import type { Given } from '#authentication/login-factor.ts'
import { changeOf, type Found as Entered, findLogin, type Login } from '#authentication/login-find.ts'
import { devicesFor, type FlowView, type OfferedDevice, viewFlow } from '#authentication/login-flow.ts'
import { admit, currentCsrf, ownBrowser, type Passage } from '#authentication/login-gate.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { askPasskey, type PasskeyGiven, provePasskeyStep } from '#authentication/login-passkey.ts'
import { askReset, changePassword, type PasswordGiven, resetPassword } from '#authentication/login-password.ts'
import { protectStep } from '#authentication/login-protection.ts'
import { proveStep } from '#authentication/login-prove.ts'
import { mayAgree } from '#authentication/login-proved.ts'
import { type Redeemed, type Redemption, redeemCode } from '#authentication/login-redeem.ts'
import { sendStep } from '#authentication/login-send.ts'
import { type Started, startLogin, themeOf, type Visited, visitLogin } from '#authentication/login-start.ts'
import { isOver, sameUser } from '#authentication/login-step.ts'
import type { AuthorizationRequest } from '#domain/login.ts'
import { first } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Tenant } from '#domain/tenant.ts'
import type { SecondFactor } from '#workflow/factor.ts'

export type PasswordStep = 'change' | 'askReset' | 'reset'

const passwordSteps: Readonly<
  Record<PasswordStep, (needs: LoginNeeds, login: Login, given: PasswordGiven) => Promise<Stepped>>
> = { change: changePassword, askReset, reset: resetPassword }

const BEGUN: Budget = { name: 'logins_begun', limit: 600, period_ms: 60_000 }

export class Logins {
  readonly #needs: LoginNeeds

  constructor(needs: LoginNeeds) {
    this.#needs = needs
  }

  start(tenant: Tenant, client: KnownClient, request: AuthorizationRequest): Promise<Started> {
    return startLogin(this.#needs, tenant, client, request)
  }

  /** Of a browser that brings the request along: anybody can, so it is bounded by where he comes from. */
  async begin(tenant: Tenant, client: KnownClient, request: AuthorizationRequest, source: string): Promise<Started> {
    if (!(await this.#needs.budgetBook.spend(tenant.number, BEGUN, source))) {
      throw new Refusal('too_many_requests', 'Too many logins begin from there.', { retryAfter_seconds: 60 })
    }
    return this.start(tenant, client, request)
  }

  visit(tenant: Tenant, requestUri: string, clientId: string, cookies: string | undefined): Promise<Visited> {
    return visitLogin(this.#needs, tenant, requestUri, clientId, cookies)
  }

  /** Whoever may go on with this login; throws `invalid_request_uri`, `csrf_mismatch`. */
  async enter(tenant: Tenant, passage: Passage, name: string | undefined): Promise<Entered> {
    const found = await findLogin(this.#needs, tenant, passage.requestUri, name === '' ? undefined : name)
    admit(this.#needs, found.login, passage)
    return found
  }

  flow({ login, person, name }: Entered): Promise<FlowView> {
    return viewFlow(this.#needs, login, person, name)
  }

  /** What can be asked of whoever proved the first factor. */
  async devices(login: Login, factors: readonly SecondFactor[]): Promise<readonly OfferedDevice[]> {
    const owned = new Set(factors.map(({ code }) => code))
    return devicesFor(this.#needs, login, factors, login.progress.user?.id, owned)
  }

  async prove({ login, person, name }: Entered, given: Omit<Given, 'name'>): Promise<Stepped> {
    sameUser(login, name)
    return proveStep(this.#needs, login, person, { ...given, name: needed(name) })
  }

  /** Whether a factor is proved by an assertion in place of a text. */
  asksPasskey({ login }: Entered, policy: string): boolean {
    return login.tenant.configuration.findPolicy(policy)?.factor === 'fido'
  }

  /** Whether it is proved by a card. */
  asksCard({ login }: Entered, policy: string): boolean {
    return login.tenant.configuration.findPolicy(policy)?.factor === 'card'
  }

  async proveCard(entered: Entered, given: Omit<CardGiven, 'name'>): Promise<Stepped> {
    sameUser(entered.login, entered.name)
    return proveCardStep(this.#needs, entered, { ...given, name: needed(entered.name) })
  }

  /** `card_challenge`. */
  async askCard(entered: Entered, policy: string): Promise<Stepped> {
    sameUser(entered.login, entered.name)
    return askCard(this.#needs, entered, policy)
  }

  cardChallenge(entered: Entered, given: CardEnrolGiven): Promise<Stepped> {
    return cardChallenge(this.#needs, entered, given)
  }

  enrolCard(entered: Entered, given: Parameters<typeof enrolCard>[2]): Promise<Stepped> {
    return enrolCard(this.#needs, entered, given)
  }

  async provePasskey(entered: Entered, given: PasskeyGiven): Promise<Stepped> {
    sameUser(entered.login, given.name)
    return provePasskeyStep(this.#needs, entered, given)
  }

  /** Options for the browser: `fido_challenge`. */
  async askPasskey(entered: Entered, policy: string): Promise<Stepped> {
    sameUser(entered.login, entered.name)
    return askPasskey(this.#needs, entered, policy)
  }

  passkeyOptions(entered: Entered, given: EnrolGiven): Promise<Stepped> {
    return passkeyOptions(this.#needs, entered, given)
  }

  enrolPasskey(entered: Entered, given: Parameters<typeof enrolPasskey>[2]): Promise<Stepped> {
    return enrolPasskey(this.#needs, entered, given)
  }

  /** What protects an enrolment: `enroll/code`. */
  async protect(entered: Entered, given: Omit<Given, 'name'>): Promise<Stepped> {
    sameUser(entered.login, entered.name)
    return protectStep(this.#needs, entered, { ...given, name: needed(entered.name) })
  }

  async send({ login, person, name }: Entered, given: Omit<Given, 'name'>): Promise<Stepped> {
    sameUser(login, name)
    return sendStep(this.#needs, login, person, { ...given, name: needed(name) })
  }

  password({ login, name }: Entered, step: PasswordStep, given: Omit<PasswordGiven, 'name'>): Promise<Stepped> {
    return passwordSteps[step](this.#needs, login, { ...given, name: needed(name) })
  }

  async sharings({ login, person }: Entered): Promise<readonly SharingView[]> {
    await mayAgree(this.#needs, login, person)
    return sharingsOf(this.#needs, login)
  }

  async sign({ login, person }: Entered, sharings: readonly Sharing[], correlation: string): Promise<Login> {
    await mayAgree(this.#needs, login, person)
    return signConsent(this.#needs, login, sharings, correlation)
  }

  end({ login, person }: Entered, correlation: string): Promise<Ending> {
    return endLogin(this.#needs, login, person, correlation)
  }

  async cancel({ login }: Entered): Promise<Login> {
    if (isOver(login)) return login
    const { store, logins, clock } = this.#needs
    const { tenant, row } = login
    const progress = cancelled(login)
    const change = logins.change(tenant.number, row.id, changeOf(login, clock.now(), progress))
    if (!(await store.write(tenant.number, () => first(change)))) throw new Refusal('invalid_request_uri')
    return { ...login, progress, row: { ...row, revision: row.revision + 1 } }
  }

  redeem(tenant: Tenant, client: KnownClient, redemption: Redemption): Promise<Redeemed> {
    return redeemCode(this.#needs, tenant, client, redemption)
  }

  /** The value that the next call must show. */
  csrf(login: Login): string {
    return currentCsrf(this.#needs, login)
  }

  themeOf(login: Login): string | undefined {
    return themeOf(login)
  }

  /** For the page itself: undefined for a login that is unknown or over, and for a browser to which it does not belong. */
  async look(tenant: Tenant, passage: Passage): Promise<Entered | undefined> {
    try {
      const found = await findLogin(this.#needs, tenant, passage.requestUri, undefined)
      return ownBrowser(this.#needs, found.login, passage) ? found : undefined
    } catch (error) {
      if (error instanceof Refusal && error.code === 'invalid_request_uri') return undefined
      throw error
    }
  }
}

function needed(name: string | undefined): string {
  if (name === undefined) throw new Refusal('invalid_request', 'username is needed.')
  return name
}
