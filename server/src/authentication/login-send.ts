/**
 * Codes that are sent within a login: after an activation code (class CODE, a first factor of its own), or when somebody asks for one by
 * the road he chose (class OOB). Asking tells nobody whether a person exists or where a code went; where it went is shown, masked, once a
 * first factor has been proved.
 */
import type { Stepped } from '#authentication/login-answer.ts'
import { noTemplate } from '#authentication/login-error.ts'
import { actorOf, firstFactor, type Given, policyOf, secondFactor } from '#authentication/login-factor.ts'
import { changeOf, type Login, type Person } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { afterFirst, afterProofs, alongside, isOver, moved, wrong } from '#authentication/login-step.ts'
import type { Alongside } from '#authentication/proof.ts'
import { first } from '#domain/ports/store.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Factor, FirstFactor } from '#workflow/factor.ts'
import type { Message } from '#workflow/message.ts'

/** Codes of one factor in one login, beside the budgets of the person, the address and the tenant. */
const MOST_SENDS = 10
/** Counted beyond it, so that the one too many is known from a login that moved. */
const COUNTED = 1000

/** Class CODE: the right activation code is the first factor, and sends the code that is the second one. */
export async function codeStep(
  needs: LoginNeeds,
  login: Login,
  factor: FirstFactor,
  person: Person | undefined,
  given: Given,
): Promise<Stepped> {
  // Without an activation code a first factor would be proved by nothing (the word `null` means none).
  if (given.secret === '' || given.secret === 'null') return { login, answer: { kind: 'wrong', left: undefined } }
  const now = needs.clock.now()
  const shown = { amr: ['kba'], device: undefined }
  const done = person === undefined ? undefined : afterFirst(login, factor, person, given.name, shown, now)
  let right = false
  const step = alongside(needs, login, factor, accepted => {
    right = accepted.user === person?.id
    return right ? done?.right : undefined
  })
  const sent = await send(needs, login, factor, given, { activationCode: given.secret, alongside: step })
  // Who shows nothing where something is asked for is answered like who shows something wrong.
  const reason = sent.outcome === 'rejected' ? sent.reason : right ? undefined : 'wrong'
  if (reason !== undefined) return { login, answer: await wrong(needs, login, factor, reason) }
  if (!done) return noTemplate(needs, login)
  const after = moved(login, done.right)
  if (done.next.step === 'second') return { login: after, answer: { kind: 'second', factors: done.next.factors } }
  return { login: after, answer: await afterProofs(needs, after, undefined) }
}

/** Class OOB: `grant_type=oob`. */
export async function sendStep(
  needs: LoginNeeds,
  login: Login,
  person: Person | undefined,
  given: Given,
): Promise<Stepped> {
  if (isOver(login)) return { login, answer: { kind: 'over' } }
  const proved = login.progress.first !== undefined
  const factor = proved
    ? await secondFactor(needs, login, given.policy, person)
    : firstFactor(login, given.policy, person)
  const again = factor.class === 'OTP' && proved
  if ((factor.class !== 'OOB' && !again) || policyOf(login, factor.code).factor !== 'oob') {
    throw new Refusal('invalid_request', 'No code is sent for this factor.')
  }
  const { store, logins, clock } = needs
  const { tenant, row, progress } = login
  const method = given.method ?? messagesOf(login, factor)?.[0]?.method
  const next = { ...progress, sent: { factorId: factor.id, method: method ?? 'chosen' } }
  const allowed = await store.write(tenant.number, function* () {
    const what = `send ${factor.id}`
    const taken = yield* first(logins.takeTry(tenant.number, row.id, what, COUNTED, row.revision))
    if (!taken) return 'moved'
    if (taken.tries > MOST_SENDS) return 'enough'
    const changed = yield* first(logins.change(tenant.number, row.id, changeOf(login, clock.now(), next)))
    return changed === undefined ? 'moved' : 'sent'
  })
  if (allowed === 'enough') throw new Refusal('too_many_requests', 'No more codes are sent in this login.')
  if (allowed === 'moved') throw new Refusal('temporarily_unavailable', 'The login went on meanwhile. Try again.')
  const after: Login = { ...login, progress: next, row: { ...row, revision: row.revision + 1 } }
  const name = progress.user?.name ?? given.name
  const sent = await send(needs, login, factor, { ...given, name }, { activationCode: undefined, proved })
  const told = sent.outcome === 'sent' ? sent.method : method
  const to = proved && sent.outcome === 'sent' ? sent.to : undefined
  return { login: after, answer: { kind: 'sent', method: told ?? 'email', to } }
}

async function send(
  needs: LoginNeeds,
  login: Login,
  factor: Factor,
  { name, method, correlation }: Given,
  more: { readonly activationCode: string | undefined; readonly proved?: boolean; readonly alongside?: Alongside },
) {
  const messages = messagesOf(login, factor)
  const allowed = messages?.map(one => one.method)
  if (method !== undefined && allowed !== undefined && !allowed.includes(method)) {
    throw new Refusal('invalid_request', 'The factor does not send codes by this method.')
  }
  return needs.outOfBand.send(login.tenant, {
    name,
    policy: policyOf(login, factor.code),
    activationCode: more.activationCode,
    skipActivation: more.proved === true,
    method: method ?? (allowed?.length === 1 ? allowed[0] : undefined),
    templates: messages && templatesOf(messages),
    application: login.client.document.name,
    channel: login.client.document.userChannel,
    client: login.client.clientId,
    actor: actorOf(login),
    correlation,
    ...(more.alongside ? { alongside: more.alongside } : {}),
  })
}

/** After an activation code the texts stand with the first factor. */
function messagesOf({ workflow, progress }: Login, { oobMethods }: Factor): readonly Message[] | undefined {
  return oobMethods ?? workflow?.firstFactors.find(({ id }) => id === progress.first?.factorId)?.oobMethods
}

const templatesOf = (messages: readonly Message[]): Templates =>
  Object.fromEntries(messages.map(({ method, template, html }) => [method, { template, html }]))

type Templates = { readonly [Method in Message['method']]?: { readonly template: string; readonly html: boolean } }
