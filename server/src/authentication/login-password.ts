/**
 * Passwords in a login: changed with the old one, asked back by mail or SMS, set anew with what was sent. None of them signs anybody in,
 * removes a factor or lifts an error of the login (security.md R1); after each the person proves himself as before. Which of them a login
 * offers is what its workflow says about the factor.
 */
import type { Stepped } from '#authentication/login-answer.ts'
import { actorOf, policyOf } from '#authentication/login-factor.ts'
import type { Login } from '#authentication/login-find.ts'
import type { LoginNeeds } from '#authentication/login-needs.ts'
import { alongside, isOver, sameUser, workflowOf, wrong } from '#authentication/login-step.ts'
import { Refusal } from '#domain/refusal.ts'
import type { Action, ActionClass } from '#workflow/action.ts'
import { actionsOf, isReset, nextActionOf } from '#workflow/offered-actions.ts'

export interface PasswordGiven {
  readonly name: string
  readonly policy: string
  readonly actionId: string | undefined
  readonly oldPassword: string
  readonly newPassword: string
  readonly resetCode: string
  readonly method: 'email' | 'sms' | undefined
  readonly origin: string
  readonly requestUri: string
  readonly correlation: string
}

export async function changePassword(needs: LoginNeeds, login: Login, given: PasswordGiven): Promise<Stepped> {
  notOver(login)
  sameUser(login, given.name)
  const action = actionOf(login, given, ['CHANGE_PWD'])
  const outcome = await needs.recovery.change(login.tenant, {
    ...shared(login, given),
    oldPassword: given.oldPassword,
    newPassword: given.newPassword,
    // Right or wrong it takes a try and moves nothing.
    alongside: alongside(needs, login, action, () => undefined),
  })
  if (outcome.outcome === 'rejected') return { login, answer: await wrong(needs, login, action, outcome.reason) }
  return told(login, outcome)
}

export async function askReset(needs: LoginNeeds, login: Login, given: PasswordGiven): Promise<Stepped> {
  notOver(login)
  const action = actionOf(login, given, ['RESET_PWD', 'FORGOT_PWD'])
  const methods = action.resetPasswordMethods
  const method = given.method ?? methods[0]?.method
  if (method === undefined || !methods.some(one => one.method === method)) {
    throw new Refusal('invalid_request', 'The action does not send codes by this method.')
  }
  const { sent } = await needs.recovery.requestReset(login.tenant, {
    ...shared(login, given),
    action: {
      id: action.id,
      ...(action.validity_seconds === undefined ? {} : { validity_seconds: action.validity_seconds }),
      methods: methods.map(one => ({ method: one.method, template: one.template, html: one.html })),
    },
    method,
    application: login.client.document.name,
    origin: given.origin,
    requestUri: given.requestUri,
    loginId: login.row.id,
  })
  return { login, answer: { kind: 'sent', method: sent, to: undefined } }
}

export async function resetPassword(needs: LoginNeeds, login: Login, given: PasswordGiven): Promise<Stepped> {
  notOver(login)
  const workflow = workflowOf(login)
  const action = actionOf(login, given, ['SET_PWD', 'RESET_PWD', 'FORGOT_PWD'])
  // The code is bound to the action that asked for it.
  const askedBy = isReset(action)
    ? [action.id]
    : workflow.actions.filter(one => isReset(one) && nextActionOf(workflow, one)?.id === action.id).map(({ id }) => id)
  const outcome = await needs.recovery.reset(login.tenant, {
    ...shared(login, given),
    actionIds: askedBy,
    resetCode: given.resetCode,
    newPassword: given.newPassword,
    loginId: login.row.id,
    alongside: alongside(needs, login, action, () => undefined),
  })
  if (outcome.outcome === 'rejected') return { login, answer: await wrong(needs, login, action, outcome.reason) }
  return told(login, outcome)
}

const told = (
  login: Login,
  outcome: { readonly outcome: 'changed' } | { readonly outcome: 'broken'; readonly rules: readonly string[] },
): Stepped => ({
  login,
  answer: outcome.outcome === 'changed' ? { kind: 'changed' } : { kind: 'broken', rules: outcome.rules },
})

/** A login that is over bears nothing here either; that no factor fits leaves passwords alone. */
function notOver(login: Login): void {
  if (isOver(login)) throw new Refusal('access_denied')
}

function actionOf(login: Login, { policy, actionId }: PasswordGiven, classes: readonly ActionClass[]): Action {
  const workflow = workflowOf(login)
  const factors = [...workflow.firstFactors, ...workflow.secondFactors].filter(({ code }) => code === policy)
  const offered = factors
    .flatMap(factor => actionsOf(workflow, factor))
    .flatMap(action => [action, nextActionOf(workflow, action)])
  const action = offered.find(
    one => one !== undefined && classes.includes(one.class) && (actionId === undefined || one.id === actionId),
  )
  if (!action) throw new Refusal('invalid_request', 'The workflow does not offer this for this factor.')
  return action
}

const shared = (login: Login, { name, policy, correlation }: PasswordGiven) => ({
  name: login.progress.user?.name ?? name,
  policy: policyOf(login, policy),
  channel: login.client.document.userChannel,
  client: login.client.clientId,
  actor: actorOf(login),
  correlation,
})
