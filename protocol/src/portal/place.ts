/**
 * Where somebody is in the portal. What was proved stands at the server (`progress` of `flow`) and decides what is possible; a
 * place only says which of the possible screens is shown. It travels as text in addresses and forms of pages without scripts,
 * `prove:factor.user_password` or `code.email:factor.otp`, hence one that does not exist in this flow leads to the first screen.
 */
import { actionOf, type Enrolment, type Factor, type Flow, factorsNow, type Method } from './flow.ts'

export type FactorPlaceKind = 'prove' | 'code' | 'wait' | 'change' | 'forgot' | 'reset' | 'expiring'

export type Place =
  | { readonly at: 'name' | 'choose' | 'consent' | 'end' | 'over' | 'nothing' }
  | { readonly at: FactorPlaceKind; readonly factor: string; readonly sent?: Method }
  | { readonly at: 'enrol'; readonly enrolment: string }

const FORM = /^(prove|code|wait|change|forgot|reset)(?:\.(email|sms))?:(.{1,128})$/
export const LONGEST_PLACE = 160

export const RESETS = ['RESET_PWD', 'FORGOT_PWD']
export const CHANGES = ['CHANGE_PWD']

const ENROL = /^enrol:(.{1,128})$/

export function placeText(place: Place): string {
  if ('enrolment' in place) return `enrol:${place.enrolment}`
  if (!('factor' in place)) return place.at
  return `${place.at}${place.sent === undefined ? '' : `.${place.sent}`}:${place.factor}`
}

/** Where a login begins or goes on when nothing else is said. */
export function firstPlace(flow: Flow, username = flow.username): Place {
  if (flow.step === 'failed') return { at: 'over' }
  if (flow.step === 'ready') return { at: 'end' }
  if (flow.step === 'consent') return { at: 'consent' }
  const [only, ...others] = factorsNow(flow)
  if (only === undefined) return { at: flow.step === 'first' && username === undefined ? 'name' : 'nothing' }
  if (others.length === 0) return { at: 'prove', factor: only.id }
  return { at: flow.step === 'first' && username === undefined ? 'name' : 'choose' }
}

export function readPlace(text: string | undefined, flow: Flow, username = flow.username): Place {
  const start = firstPlace(flow, username)
  if ((flow.step !== 'first' && flow.step !== 'second') || text === undefined) return start
  if (text === 'choose' && factorsNow(flow).length > 1) return { at: 'choose' }
  if (text === 'name' && flow.step === 'first') return { at: 'name' }
  const [, enrolment] = ENROL.exec(text) ?? []
  if (enrolment !== undefined && enrolmentAt(flow, enrolment)) return { at: 'enrol', enrolment }
  const [, at, sent, factor] = FORM.exec(text) ?? []
  if (at === undefined || factor === undefined) return start
  const place = { at: at as FactorPlaceKind, factor, ...(sent === undefined ? {} : { sent: sent as Method }) }
  return possible(flow, place) ? place : start
}

function possible(flow: Flow, place: Place & { factor: string }): boolean {
  const factor = factorAt(flow, place.factor)
  if (factor === undefined) return false
  if (place.at === 'change') return factor.type === 'LOGIN' && actionOf(flow, factor, CHANGES) !== undefined
  const now = factorsNow(flow).includes(factor)
  if (place.at === 'forgot' || place.at === 'reset') return now && actionOf(flow, factor, RESETS) !== undefined
  if (place.at === 'code') return now && factor.type === 'OOB'
  return place.at === 'wait' ? now && factor.type === 'PUSH' : now
}

/** The same name may stand in both lists; the one that may come now is meant. */
export function factorAt(flow: Flow, id: string): Factor | undefined {
  return [...factorsNow(flow), ...flow.firstFactors, ...flow.secondFactors].find(one => one.id === id)
}

export const enrolmentAt = ({ enrolments }: Flow, id: string): Enrolment | undefined =>
  enrolments.find(one => one.id === id)
